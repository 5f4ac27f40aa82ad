using Dramatis.Errors;
using Dramatis.Methods.Cones2;
using Dramatis.Pictures;
using static TorchSharp.torch;

namespace Dramatis.Tests.Methods.Cones2;

public sealed class ColourLayoutTests : IDisposable
{
    private const int Side = 768;

    // 2.5, but for the rounding of single precision.
    private const float Inside = 2.4999f;

    private static readonly Rgb White = new(255, 255, 255);
    private static readonly Rgb Red = new(255, 0, 0);
    private static readonly Rgb Blue = new(0, 0, 255);

    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    // The numbers of the official example: what its own code makes of it.
    [Fact]
    public void The_official_example_s_rectangle_covers_the_cells_that_the_official_code_finds()
    {
        using var scope = NewDisposeScope();
        var layout = Read(new(255, 192, 0), (new(255, 192, 0), new(92, 357, 373, 695)));

        int[] sides = [96, 48, 24, 12];
        var inside = sides.Select(side => layout.At(new(side, side), [0, 7, 0], [[7]])[.., 1].gt(Inside).sum().item<long>());

        Assert.Equal([1435, 357, 90, 16], inside);
    }

    [Fact]
    public void Only_columns_of_the_words_are_touched_and_words_that_are_there_twice_get_their_place_twice()
    {
        using var scope = NewDisposeScope();
        var layout = Read(Red, (Red, new(0, 0, 384, Side)));

        var map = layout.At(new(8, 8), [0, 7, 8, 5, 7, 8, 7], [[7, 8]]);

        Assert.Equal([false, true, true, false, true, true, false], Enumerable.Range(0, 7).Select(column => map[.., column].ne(0).any().item<bool>()));
        Assert.True(map[.., 1].eq(map[.., 5]).all().item<bool>());
    }

    [Fact]
    public void A_map_of_a_wide_picture_lies_as_its_cells_do()
    {
        using var scope = NewDisposeScope();
        var layout = Read(Red, (Red, new(0, 0, Side, 384)));

        var map = layout.At(new(6, 4), [7], [[7]]).view(4, 6);

        Assert.Equal([true, true, false, false], Enumerable.Range(0, 4).Select(row => map[row].gt(Inside).all().item<bool>()));
    }

    [Fact]
    public void A_colour_without_a_pixel_is_refused_with_its_words()
    {
        var error = Assert.Throws<InvalidConfigException>(() => Read(Red, (Blue, new(0, 0, 100, 100))).Check());

        Assert.Contains("no pixel of the colour 255,0,0", error.Message, StringComparison.Ordinal);
        Assert.Contains("\"dog\" has no area", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_colour_that_is_not_listed_is_refused_with_its_size()
    {
        var layout = Read(Red, (Red, new(0, 0, 200, 200)), (Blue, new(300, 300, 400, 400)));

        var error = Assert.Throws<InvalidConfigException>(layout.Check);

        Assert.Contains("10,000 pixels of the colour 0,0,255, which is not listed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_ground_and_smoothed_borders_are_no_mistake() =>
        Read(Red, (new(255, 99, 99), new(99, 99, 201, 201)), (Red, new(100, 100, 200, 200))).Check();

    private ColourLayout Read(Rgb listed, params (Rgb Colour, PixelBox Box)[] boxes)
    {
        var picture = Picture.Filled(Side, Side, White);
        foreach (var (colour, box) in boxes)
        {
            for (var y = box.Top; y < box.Bottom; y++)
            {
                for (var x = box.Left; x < box.Right; x++)
                {
                    byte[] pixel = [colour.Red, colour.Green, colour.Blue, 255];
                    pixel.CopyTo(picture.Row(y)[(4 * x)..]);
                }
            }
        }

        var path = Path.Combine(folder, "layout.png");
        PictureWriter.WritePng(path, picture);
        return ColourLayout.Read(new() { Layout = path, Regions = [(listed, "dog", 2.5)] });
    }
}
