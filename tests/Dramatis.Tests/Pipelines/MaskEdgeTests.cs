using Dramatis.Pipelines;
using static TorchSharp.torch;

namespace Dramatis.Tests.Pipelines;

public sealed class MaskEdgeTests
{
    [Fact]
    public void The_edge_rises_inwards_evenly_and_not_at_the_picture_s_own() => Assert.Equal(
        [1, 1, 1, 1, 1, 1, .75f, .5f, .25f, 0, 0, 0], Row([1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0], 4));

    [Fact]
    public void Thin_parts_are_seen_in_their_middle()
    {
        Assert.Equal([0, 1, 0], Row([0, 1, 0], 8));
        Assert.Equal([0, 1, 1, 0], Row([0, 1, 1, 0], 8));
        Assert.Equal([0, .5f, 1, .5f, 0], Row([0, 1, 1, 1, 0], 8));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Without_a_feather_it_is_hard(int feather) => Assert.Equal([0, 1, 1, 0], Row([0, 1, 1, 0], feather));

    // Rows that are all alike: what is above and below is as deep.
    private static float[] Row(float[] values, int feather)
    {
        using var scope = NewDisposeScope();
        return [.. MaskEdge.Of(tensor(values).view(1, 1, 1, -1).expand(-1, -1, 40, -1), feather)[0, 0, 20].data<float>()];
    }
}
