using Dramatis.Conditioning;
using Dramatis.Networks.ControlNet;
using Dramatis.Networks.UNet;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Verification.Checks;

/// <summary>A ControlNet's residuals, and what the UNet makes of them.</summary>
internal sealed class ControlNetCheck : IGoldenCheck
{
    public IReadOnlyList<string> Components => ["controlnet"];

    public GoldenResult Run(GoldenCase golden)
    {
        using var off = no_grad();
        var config = ControlNetConfig.Parse(golden.ReadText("config.json"), golden.PathOf("config.json"));
        using var network = new ControlNet(config);
        Checkpoint.LoadInto(network, golden.PathOf("diffusion_pytorch_model.safetensors"));
        var part = ModelPart.Open(golden.PathOf(golden.Text("unet")));
        using var unet = part.Load(() => new UNet(UNetConfig.Parse(part.ReadConfig(), part.ConfigPath)));

        var (sample, timestep) = (golden.Tensor("sample"), golden.Tensor("timestep"));
        var context = new StepContext(default, golden.Tensor("encoder_hidden_states"), ConditioningSession.None)
        {
            Added = config.Blocks.Added is null ? null : new(golden.Tensor("text_embeds"), golden.Tensor("time_ids")),
        };
        var control = ControlNet.Scaled(
            network.forward(sample, timestep, golden.Tensor("cond"), context), golden.Fixture.GetProperty("conditioning_scale").GetDouble());
        return golden.Compare(
        [
            .. control.Down.Select((map, i) => ($"down_{i}", map)),
            ("mid", control.Middle),
            ("out", unet.forward(sample, timestep, context with { Control = control })),
        ]);
    }
}
