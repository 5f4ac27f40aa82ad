using Dramatis.Pictures;
using Dramatis.Requests;

namespace Dramatis.Tests.Requests;

public sealed class PlaceFittingTests
{
    [Theory]
    [InlineData(.5)]
    [InlineData(1)]
    [InlineData(3)]
    public void The_box_has_the_shape_touches_the_ground_and_fills_one_direction(double shape)
    {
        var place = new Box(.1, .2, .7, .8);
        var picture = new PixelSize(200, 100);

        var box = PlaceFitting.Fit(place, picture, shape);

        Assert.Equal(shape, box.Width * picture.Width / (box.Height * picture.Height), 9);
        Assert.Equal(place.Bottom, box.Bottom);
        Assert.Equal((place.Left + place.Right) / 2, (box.Left + box.Right) / 2, 9);
        Assert.True(Math.Abs(box.Width - place.Width) < 1e-9 || Math.Abs(box.Height - place.Height) < 1e-9);
    }

    [Fact]
    public void Subjects_without_a_place_stand_side_by_side()
    {
        var subject = new Subject { Phrase = "a", References = [] };

        var places = PlaceFitting.Lay([subject, subject with { Place = Box.Whole }, subject]);

        Assert.Equal(Box.Whole, places[1]);
        Assert.True(places[0].Right < places[2].Left);
    }
}
