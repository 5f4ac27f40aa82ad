using System.Text.Json;
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
        using var config = JsonDocument.Parse(golden.ReadText("config.json"));
        if (config.RootElement.TryGetProperty("addition_embed_type", out var added) && added.ValueKind == JsonValueKind.String)
        {
            return GoldenResult.Skip($"\"addition_embed_type\" {added.GetString()} is not built yet");
        }

        using var off = no_grad();
        using var unet = new UNet(UNetConfig.Parse(golden.ReadText("config.json"), golden.PathOf("config.json")));
        Checkpoint.LoadInto(unet, golden.PathOf("diffusion_pytorch_model.safetensors"));

        var context = new StepContext(default, golden.Tensor("encoder_hidden_states"), ConditioningSession.None);
        return golden.Compare(("out", unet.forward(golden.Tensor("sample"), golden.Tensor("timestep"), context)));
    }
}
