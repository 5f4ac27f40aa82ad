using Dramatis.Pictures;

namespace Dramatis.Tests.Pictures;

public sealed class PictureTests
{
    [Fact]
    public void An_array_of_another_length_is_refused() =>
        Assert.Throws<ArgumentException>(() => new Picture(2, 2, new byte[15]));

    [Fact]
    public void A_crop_holds_the_pixels_of_its_box()
    {
        var picture = TestPictures.Gradient(9, 7);

        var cropped = picture.Crop(new(2, 3, 5, 7));

        Assert.Equal(new(3, 4), cropped.Size);
        Assert.Equal(picture.Row(4)[8..20].ToArray(), cropped.Row(1).ToArray());
    }

    [Fact]
    public void A_crop_beyond_the_border_is_transparent_there()
    {
        var cropped = TestPictures.Gradient(4, 4).Crop(new(-1, 2, 2, 6));

        Assert.Equal([0, 0, 0, 0], cropped.Row(0)[..4].ToArray());
        Assert.Equal(255, cropped.Row(0)[7]);
        Assert.All(cropped.Row(3).ToArray(), value => Assert.Equal(0, value));
    }

    [Fact]
    public void Mirroring_twice_changes_nothing()
    {
        var picture = TestPictures.Gradient(5, 3);

        Assert.Equal(picture.Rgba, picture.Mirror().Mirror().Rgba);
        Assert.Equal(picture.Row(1)[..4].ToArray(), picture.Mirror().Row(1)[^4..].ToArray());
    }

    [Fact]
    public void Alpha_bounds_are_tight()
    {
        var picture = new Picture(8, 6);
        picture.Row(2)[(3 * 4) + 3] = 1;
        picture.Row(4)[(6 * 4) + 3] = 255;

        Assert.Equal(new PixelBox(3, 2, 7, 5), picture.AlphaBounds());
        Assert.Equal(new PixelBox(6, 4, 7, 5), picture.AlphaBounds(threshold: 1));
        Assert.Null(new Picture(3, 3).AlphaBounds());
    }

    [Fact]
    public void What_can_be_seen_of_a_cut_out_is_cut_to_its_bounds()
    {
        var picture = new Picture(10, 8);
        picture.Row(2)[(4 * 3) + 3] = 255;
        picture.Row(5)[(4 * 6) + 3] = 255;
        picture.Row(7)[(4 * 9) + 3] = 1;    // as good as nothing

        Assert.Equal(new(4, 4), picture.CropToVisible().Size);
        Assert.Equal(new(3, 3), new Picture(3, 3).CropToVisible().Size);
        Assert.Equal(new(9, 7), TestPictures.Gradient(9, 7).CropToVisible().Size);
    }

    [Fact]
    public void Laying_over_a_colour_mixes_by_alpha()
    {
        var picture = new Picture(3, 1, [200, 0, 100, 0, 200, 0, 100, 255, 200, 0, 100, 51]);

        var laid = picture.Over(new Rgb(0, 100, 50));

        Assert.Equal([0, 100, 50, 255, 200, 0, 100, 255, 40, 80, 60, 255], laid.Rgba);
    }
}
