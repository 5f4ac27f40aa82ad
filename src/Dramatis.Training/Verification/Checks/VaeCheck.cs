using Dramatis.Networks.Vae;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Verification.Checks;

/// <summary>A VAE on its own: the posterior of a picture, and latents decoded.</summary>
internal sealed class VaeCheck : IGoldenCheck
{
    public IReadOnlyList<string> Components => ["vae"];

    public GoldenResult Run(GoldenCase golden)
    {
        using var off = no_grad();
        using var vae = new AutoencoderKL(VaeConfig.Parse(golden.ReadText("config.json"), golden.PathOf("config.json")));
        Checkpoint.LoadInto(vae, golden.PathOf("diffusion_pytorch_model.safetensors"));

        var posterior = vae.Encode(golden.Tensor("pixels"));
        return golden.Compare(
            ("mean", posterior.Mean),
            ("std", posterior.Deviation()),
            ("decoded", vae.Decode(golden.Tensor("latents"))));
    }
}
