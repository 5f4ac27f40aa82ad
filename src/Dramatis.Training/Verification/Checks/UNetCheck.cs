using Dramatis.Conditioning;
using Dramatis.Networks.UNet;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Verification.Checks;

/// <summary>A UNet on its own, rows at different timesteps.</summary>
internal sealed class UNetCheck : IGoldenCheck
{
    public IReadOnlyList<string> Components => ["unet"];

    public GoldenResult Run(GoldenCase golden)
    {
        using var off = no_grad();
        using var unet = new UNet(UNetConfig.Parse(golden.ReadText("config.json"), golden.PathOf("config.json")));
        Checkpoint.LoadInto(unet, golden.PathOf("diffusion_pytorch_model.safetensors"));

        var context = new StepContext(default, golden.Tensor("encoder_hidden_states"), ConditioningSession.None)
        {
            Added = unet.Config.Added is null ? null : new(golden.Tensor("text_embeds"), golden.Tensor("time_ids")),
        };
        return golden.Compare(("out", unet.forward(golden.Tensor("sample"), golden.Tensor("timestep"), context)));
    }
}
