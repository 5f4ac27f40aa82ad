using Dramatis.Benches.FastComposer;
using static TorchSharp.torch;

namespace Dramatis.Tests.Benches.FastComposer;

public sealed class PromptConsistencyTests
{
    [Fact]
    public void One_colour_is_the_same_both_ways_and_a_checkerboard_is_not()
    {
        using var scope = NewDisposeScope();
        var board = (arange(60).view(1, -1) + arange(90).view(-1, 1)).remainder(2).to(float32).expand(1, 3, 90, 60);

        Assert.Equal([1, 3, 28, 28], PromptConsistency.Pixels(board, 28, antialias: true).shape);
        Assert.True(Apart(full([1, 3, 90, 60], .3f)) < 1e-5);
        Assert.True(Apart(board) > .1);

        static float Apart(Tensor colours) =>
            (PromptConsistency.Pixels(colours, 28, antialias: true) - PromptConsistency.Pixels(colours, 28, antialias: false)).abs().max().item<float>();
    }
}
