using Dramatis.Networks.Clip;
using TorchSharp;
using static TorchSharp.torch;

namespace Dramatis.Tests.Networks.Clip;

public sealed class ClipVisionEncoderTests
{
    private static readonly ClipVisionConfig Tiny = new()
    {
        Tower = new() { Width = 16, Layers = 2, Heads = 2, InnerWidth = 32 },
        Side = 12,
        Patch = 4,
        Projection = 8,
    };

    [Fact]
    public void A_picture_becomes_a_class_token_and_a_token_for_each_patch()
    {
        using var scope = NewDisposeScope();
        using var encoder = new ClipVisionEncoder(Tiny);

        var features = encoder.forward(randn(2, 3, 12, 12));

        Assert.Equal([2, 10, 16], features.LastHiddenState.shape);
        Assert.Equal([2, 10, 16], features.Penultimate.shape);
        Assert.Equal([2, 8], features.Embedding.shape);
    }

    [Fact]
    public void Every_weight_gets_a_gradient_from_the_embedding()
    {
        using var scope = NewDisposeScope();
        using var encoder = new ClipVisionEncoder(Tiny);

        encoder.forward(randn(2, 3, 12, 12)).Embedding.pow(3).sum().backward();

        Assert.DoesNotContain(
            encoder.named_parameters(),
            item => item.parameter.grad is not { } grad || grad.abs().max().item<float>() == 0);
    }

    [Fact]
    public void Mean_colours_become_zero()
    {
        using var scope = NewDisposeScope();
        var mean = tensor([0.48145466f, 0.4578275f, 0.40821073f]) * 255;

        var normal = ClipPixels.Normalise(mean.expand(1, 2, 2, 3));

        Assert.Equal([1, 3, 2, 2], normal.shape);
        Assert.True(normal.abs().max().item<float>() < 1e-6f);
    }

    [Fact]
    public void A_call_leaves_no_tensor_behind()
    {
        using var encoder = new ClipVisionEncoder(Tiny);
        DisposeScopeManager.Statistics.Reset();

        using (NewDisposeScope())
        {
            encoder.forward(randn(1, 3, 12, 12)).LastHiddenState.sum().backward();
        }

        Assert.Equal(0, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }
}
