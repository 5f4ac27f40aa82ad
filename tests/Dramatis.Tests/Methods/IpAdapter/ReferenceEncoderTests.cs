using Dramatis.Methods.IpAdapter;
using Dramatis.Pictures;

namespace Dramatis.Tests.Methods.IpAdapter;

public sealed class ReferenceEncoderTests
{
    // Red, green and blue thirds, 60 x 20.
    private static readonly Picture Flag = Thirds();

    [Fact]
    public void Cropping_keeps_the_middle()
    {
        var rgb = ReferenceEncoder.Prepare(Flag, 20, ReferenceFit.Crop);

        Assert.Equal((0, 255, 0), At(rgb, 20, 10, 10));
        Assert.Equal((0, 255, 0), At(rgb, 20, 2, 10));
    }

    [Fact]
    public void Squeezing_keeps_all_of_it()
    {
        var rgb = ReferenceEncoder.Prepare(Flag, 20, ReferenceFit.Squeeze);

        Assert.Equal((255, 0, 0), At(rgb, 20, 2, 0));
        Assert.Equal((0, 0, 255), At(rgb, 20, 17, 19));
    }

    [Fact]
    public void Padding_keeps_all_of_it_and_fills_with_the_colour_that_says_nothing()
    {
        var rgb = ReferenceEncoder.Prepare(Flag, 20, ReferenceFit.Pad);

        Assert.Equal((255, 0, 0), At(rgb, 20, 2, 10));
        Assert.Equal((123, 117, 104), At(rgb, 20, 2, 2));
        Assert.Equal((123, 117, 104), At(rgb, 20, 17, 18));
    }

    [Fact]
    public void What_alpha_hides_does_not_show()
    {
        var cutOut = Picture.Filled(20, 20, new(255, 0, 0));
        for (var i = 3; i < cutOut.Rgba.Length; i += 4)
        {
            cutOut.Rgba[i] = 0;
        }

        Assert.Equal((123, 117, 104), At(ReferenceEncoder.Prepare(cutOut, 10, ReferenceFit.Crop), 10, 5, 5));
    }

    [Theory]
    [InlineData(ReferenceFit.Crop)]
    [InlineData(ReferenceFit.Squeeze)]
    [InlineData(ReferenceFit.Pad)]
    public void All_of_a_cut_out_and_nothing_else_fills_the_square(Enum fit)
    {
        var cutOut = new Picture(200, 90);
        for (var y = 0; y < Flag.Height; y++)
        {
            Flag.Row(y).CopyTo(cutOut.Row(y + 35)[(4 * 100)..]);
        }

        var rgb = ReferenceEncoder.Prepare(cutOut, 20, (ReferenceFit)fit);

        Assert.Equal((255, 0, 0), At(rgb, 20, 2, 10));
        Assert.Equal((0, 0, 255), At(rgb, 20, 17, 10));
    }

    [Theory]
    [InlineData(1, 500)]
    [InlineData(500, 1)]
    [InlineData(1, 1)]
    [InlineData(31, 17)]
    public void Any_shape_becomes_a_square(int width, int height)
    {
        foreach (var fit in Enum.GetValues<ReferenceFit>())
        {
            Assert.Equal(3 * 14 * 14, ReferenceEncoder.Prepare(Picture.Filled(width, height, Rgb.Black), 14, fit).Length);
        }
    }

    private static (int, int, int) At(byte[] rgb, int side, int x, int y)
    {
        var i = 3 * ((y * side) + x);
        return (rgb[i], rgb[i + 1], rgb[i + 2]);
    }

    private static Picture Thirds()
    {
        var picture = Picture.Filled(60, 20, Rgb.Black);
        for (var i = 0; i < 60 * 20; i++)
        {
            picture.Rgba[(4 * i) + (i % 60 / 20)] = 255;
        }

        return picture;
    }
}
