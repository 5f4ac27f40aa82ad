using Dramatis.Networks.Clip;
using TorchSharp;
using static TorchSharp.torch;

namespace Dramatis.Tests.Networks.Clip;

public sealed class ClipTextEncoderTests
{
    // Rounding of single precision through two layers of width 16.
    private const float Rounding = 1e-5f;

    private static readonly ClipTextConfig Tiny = new()
    {
        Tower = new() { Width = 16, Layers = 2, Heads = 2, InnerWidth = 32 },
        Vocabulary = 50,
        Positions = 12,
    };

    [Fact]
    public void What_follows_the_end_of_a_text_changes_nothing_before_it()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var encoder = new ClipTextEncoder(Tiny);

        var shorter = encoder.forward(tensor([48L, 7, 9, 49]).view(1, 4));
        var longer = encoder.forward(tensor([48L, 7, 9, 49, 49, 49, 3, 49]).view(1, 8));

        Assert.True((shorter.LastHiddenState - longer.LastHiddenState[.., ..4]).abs().max().item<float>() < Rounding);
        Assert.True((shorter.Pooled - longer.Pooled).abs().max().item<float>() < Rounding);
    }

    [Fact]
    public void The_pooled_row_is_that_of_the_first_end()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var largest = new ClipTextEncoder(Tiny);
        using var named = new ClipTextEncoder(Tiny with { End = 30 });
        var ids = tensor([48L, 30, 9, 49, 49]).view(1, 5);

        var byLargest = largest.forward(ids);
        var byName = named.forward(ids);

        Assert.Equal(0, (byLargest.Pooled - byLargest.LastHiddenState[.., 3]).abs().max().item<float>());
        Assert.Equal(0, (byName.Pooled - byName.LastHiddenState[.., 1]).abs().max().item<float>());
    }

    [Fact]
    public void A_call_leaves_no_tensor_behind()
    {
        using var encoder = new ClipTextEncoder(Tiny with { Projection = 8 });
        DisposeScopeManager.Statistics.Reset();

        using (NewDisposeScope())
        {
            encoder.forward(tensor([48L, 7, 49]).view(1, 3)).Projected!.sum().backward();
        }

        Assert.Equal(0, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }
}
