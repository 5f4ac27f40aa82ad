using Dramatis.Conditioning;
using Dramatis.Requests;
using Dramatis.Tensors;
using Dramatis.Training.IpAdapter;
using static TorchSharp.torch;

namespace Dramatis.Tests.Training.IpAdapter;

public sealed class RegionRowsTests
{
    [Fact]
    public void Each_row_has_its_own_region_and_none_is_nowhere()
    {
        using var scope = NewDisposeScope();
        var region = RegionMask.Of(new Box(.25, 0, .75, .5), new(64, 32));
        var grid = new Grid(8, 4);

        var rows = new RegionRows([region, null, region]).At(grid);

        Assert.Equal([3, 1, 32, 1], rows.shape);
        Assert.True(rows[2].equal(region.At(grid)[0]).all().item<bool>());
        Assert.Equal(0, rows[1].abs().max().item<float>());
    }
}
