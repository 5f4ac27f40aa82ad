using Dramatis.Networks.Qwen2Vl;

namespace Dramatis.Tests.Networks.Qwen2Vl;

public sealed class QwenPositionsTests
{
    private const int Picture = 9;

    [Fact]
    public void Plain_positions_count_on_all_axes()
    {
        var positions = QwenPositions.Plain(4);

        Assert.All([positions.Time, positions.Down, positions.Across], axis => Assert.Equal([0, 1, 2, 3], axis));
        Assert.Equal(4, positions.Next);
    }

    // The example of the published description: two rows of three tokens from 15 on.
    [Fact]
    public void A_picture_stands_still_in_time_and_spreads_down_and_across()
    {
        int[] ids = [.. Enumerable.Repeat(1, 15), .. Enumerable.Repeat(Picture, 6), 1];

        var positions = QwenPositions.Multimodal(ids, Picture, [new(3, 2)]);

        Assert.Equal([15, 15, 15, 15, 15, 15, 18], positions.Time.Skip(15));
        Assert.Equal([15, 15, 15, 16, 16, 16, 18], positions.Down.Skip(15));
        Assert.Equal([15, 16, 17, 15, 16, 17, 18], positions.Across.Skip(15));
        Assert.Equal(19, positions.Next);
    }

    [Fact]
    public void Pictures_side_by_side_each_have_their_own_room()
    {
        int[] ids = [Picture, Picture, Picture, Picture];

        var positions = QwenPositions.Multimodal(ids, Picture, [new(1, 2), new(2, 1)]);

        Assert.Equal([0, 0, 2, 2], positions.Time);
        Assert.Equal([0, 1, 2, 2], positions.Down);
        Assert.Equal([0, 0, 2, 3], positions.Across);
    }

    [Fact]
    public void Text_alone_stands_as_in_plain_positions()
    {
        var positions = QwenPositions.Multimodal([1, 2, 3], Picture, []);

        Assert.Equal(QwenPositions.Plain(3).Across, positions.Across);
    }
}
