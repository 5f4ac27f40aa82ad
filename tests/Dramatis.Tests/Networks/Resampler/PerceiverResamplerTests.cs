using Dramatis.Networks.Resampler;
using TorchSharp;
using static TorchSharp.torch;

namespace Dramatis.Tests.Networks.Resampler;

public sealed class PerceiverResamplerTests
{
    // Rounding of single precision through a few layers of width 16.
    private const float Rounding = 2e-5f;

    private static readonly PerceiverConfig Tiny = new()
    {
        Width = 16,
        Depth = 2,
        Heads = 2,
        HeadWidth = 8,
        Queries = 4,
        FeatureWidth = 12,
        OutputWidth = 10,
    };

    [Fact]
    public void A_picture_does_not_depend_on_the_others()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var resampler = new PerceiverResampler(Tiny);
        var features = randn(3, 5, 12);

        var difference = resampler.forward(features)[1..2] - resampler.forward(features[1..2]);

        Assert.True(difference.abs().max().item<float>() < Rounding);
    }

    // Keys have no positions.
    [Fact]
    public void The_order_of_the_features_does_not_matter()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var resampler = new PerceiverResampler(Tiny);
        var features = randn(1, 5, 12);

        var difference = resampler.forward(features) - resampler.forward(features.flip(1));

        Assert.True(difference.abs().max().item<float>() < Rounding);
    }

    [Fact]
    public void Every_weight_gets_a_gradient_and_no_tensor_is_left_behind()
    {
        using var resampler = new PerceiverResampler(Tiny);
        DisposeScopeManager.Statistics.Reset();

        using (NewDisposeScope())
        {
            resampler.forward(randn(2, 5, 12)).pow(3).sum().backward();
        }

        Assert.Equal(0, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.DoesNotContain(
            resampler.named_parameters(),
            item => item.parameter.grad is not { } grad || grad.abs().max().item<float>() == 0);
    }
}
