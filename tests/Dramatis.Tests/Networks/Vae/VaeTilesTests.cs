using Dramatis.Networks.Vae;
using TorchSharp;
using static TorchSharp.torch;

namespace Dramatis.Tests.Networks.Vae;

public sealed class VaeTilesTests
{
    private static readonly VaeTiles Tiles = new(Cells: 8, Overlap: 3);

    [Theory]
    [InlineData(8, 8)]
    [InlineData(9, 8)]
    [InlineData(30, 21)]
    [InlineData(5, 40)]
    public void What_every_point_gets_alone_it_gets_in_tiles(int height, int width)
    {
        using var scope = NewDisposeScope();
        var x = randn(2, 3, height, width);

        var tiled = Tiles.Map(x, 1, Twice);

        Assert.True((tiled - Twice(x)).abs().max().item<float>() < 1e-5f);
    }

    [Fact]
    public void A_map_no_larger_than_a_tile_goes_through_as_it_is()
    {
        using var scope = NewDisposeScope();
        var x = randn(1, 3, 8, 8);

        Assert.True(Tiles.Map(x, 1, Twice).equal(Twice(x)).all().item<bool>());
    }

    [Fact]
    public void No_network_sees_more_than_a_tile()
    {
        using var scope = NewDisposeScope();
        var seen = new List<(long Height, long Width)>();

        Tiles.Map(zeros(1, 3, 80, 72), cell: 4, x =>
        {
            seen.Add((x.shape[2], x.shape[3]));
            return nn.functional.avg_pool2d(x, 4);
        });

        Assert.All(seen, size => Assert.Equal((32, 32), size));
        Assert.Equal(4 * 3, seen.Count);    // at cells 0, 5, 10, 12 of 20 and 0, 5, 10 of 18
    }

    [Fact]
    public void Tiles_fade_into_each_other()
    {
        using var scope = NewDisposeScope();
        var next = 0;

        var row = Tiles.Map(zeros(1, 1, 8, 13), 1, x => full_like(x, next++))[0, 0, 0];    // tiles at 0 and 5, in common 5 to 7

        Assert.Equal(0, row[4].item<float>());
        Assert.Equal(1, row[8].item<float>());
        Assert.True((row[5..8] - tensor(new[] { 1 / 6f, 1 / 2f, 5 / 6f })).abs().max().item<float>() < 1e-6f);
    }

    [Fact]
    public void A_call_leaves_no_tensor_behind()
    {
        using var x = randn(1, 3, 20, 20);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        using (NewDisposeScope())
        {
            Tiles.Map(x, 1, Twice);
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    // (B, C, H, W) to (B, C, 2 H, 2 W)
    private static Tensor Twice(Tensor x) => (x * x).repeat_interleave(2, 2).repeat_interleave(2, 3);
}
