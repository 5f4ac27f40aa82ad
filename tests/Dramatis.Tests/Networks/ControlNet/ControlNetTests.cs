using Dramatis.Conditioning;
using Dramatis.Errors;
using Dramatis.Networks.ControlNet;
using TorchSharp;
using static TorchSharp.torch;

namespace Dramatis.Tests.Networks.ControlNet;

public sealed class ControlNetTests
{
    private static readonly ControlNetConfig Tiny = new()
    {
        Blocks = new()
        {
            BlockWidths = [16, 32],
            LayersPerBlock = 1,
            Attention = [true, false],
            Heads = [2, 2],
            TransformerLayers = [1, 1],
            TextWidth = 12,
            NormGroups = 4,
        },
        ConditionWidths = [4, 8, 8, 8],
    };

    [Fact]
    public void At_strength_zero_the_unet_s_result_stays_bit_for_bit()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var unet = new Dramatis.Networks.UNet.UNet(Tiny.Blocks);
        using var network = new Dramatis.Networks.ControlNet.ControlNet(Tiny);
        var (latents, times, context) = (randn(2, 4, 8, 6), tensor([3L, 999L]), Context(2));
        var control = network.forward(latents, times, rand(2, 3, 64, 48), context);

        var plain = unet.forward(latents, times, context);
        var zero = unet.forward(latents, times, context with { Control = Dramatis.Networks.ControlNet.ControlNet.Scaled(control, 0) });
        var full = unet.forward(latents, times, context with { Control = control });

        Assert.True(plain.equal(zero).all().item<bool>());
        Assert.True((plain - full).abs().max().item<float>() > 0);
    }

    [Fact]
    public void From_weak_the_last_residual_is_ten_times_the_first()
    {
        using var scope = NewDisposeScope();
        var ones = new ControlResiduals([torch.ones(1), torch.ones(1), torch.ones(1)], torch.ones(1));

        var scaled = Dramatis.Networks.ControlNet.ControlNet.Scaled(ones, .5, fromWeak: true);

        Assert.Equal(.05, scaled.Down[0].item<float>(), 1e-6);
        Assert.Equal(.5, scaled.Middle.item<float>(), 1e-6);
    }

    [Fact]
    public void A_call_leaves_no_tensor_behind()
    {
        using var network = new Dramatis.Networks.ControlNet.ControlNet(Tiny);

        Assert.Equal(0, LeakCheck.After(() => network.forward(randn(1, 4, 8, 8), tensor([3L]), rand(1, 3, 64, 64), Context(1)).Middle.sum().backward()));
    }

    [Fact]
    public void A_unet_s_config_is_refused()
    {
        var error = Assert.Throws<InvalidConfigException>(() => ControlNetConfig.Parse("""{"_class_name": "UNet2DConditionModel"}"""));

        Assert.Contains("ControlNetModel", error.Message, StringComparison.Ordinal);
    }

    private static StepContext Context(int rows) => new(default, randn(rows, 5, 12), ConditioningSession.None);
}
