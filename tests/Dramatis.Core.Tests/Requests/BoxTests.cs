using Dramatis.Requests;

namespace Dramatis.Tests.Requests;

public sealed class BoxTests
{
    private const double Rounding = 1e-12;

    private static readonly Box Place = new(.2, .2, .6, .6);

    [Fact]
    public void Overlap_is_the_share_of_the_smaller_box()
    {
        var small = new Box(.5, .5, .7, .6);

        Assert.Equal(.5, Place.Overlap(small), Rounding);
        Assert.Equal(.5, small.Overlap(Place), Rounding);
        Assert.Equal(1, Box.Whole.Overlap(Place), Rounding);
    }

    [Fact]
    public void Boxes_that_only_touch_or_are_empty_do_not_overlap()
    {
        Assert.Equal(0, Place.Overlap(new(.6, .2, .9, .6)));
        Assert.Equal(0, Place.Overlap(new(.3, .3, .3, .5)));
    }

    [Fact]
    public void The_left_and_top_edges_belong_to_a_box_and_the_others_do_not()
    {
        Assert.True(Place.Contains(.2, .2));
        Assert.False(Place.Contains(.6, .3));
        Assert.False(Place.Contains(.3, .6));
    }
}
