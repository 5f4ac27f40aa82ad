using System.Text.Json;
using Dramatis.Checkpoints;
using Dramatis.Pictures;

namespace Dramatis.Tests.Pictures;

public sealed class PictureResizerTests
{
    private static readonly string Folder = GoldenFolder.Of("metrics/resize");

    public static TheoryData<string> Cases()
    {
        var data = new TheoryData<string>();
        foreach (var item in Fixture().EnumerateArray())
        {
            data.Add(item.GetProperty("output").GetString()!);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Bytes_equal_Pillows(string output)
    {
        var item = Fixture().EnumerateArray().Single(item => item.GetProperty("output").GetString() == output);
        using var file = SafetensorsFile.Open(Path.Combine(Folder, "io.safetensors"));
        var source = ReadPicture(file, item.GetProperty("input").GetString()!);
        var expected = ReadPicture(file, output);
        var filter = Enum.Parse<ResizeFilter>(item.GetProperty("filter").GetString()!, ignoreCase: true);
        PixelRegion? region = item.TryGetProperty("box", out var box)
            ? new(box[0].GetDouble(), box[1].GetDouble(), box[2].GetDouble(), box[3].GetDouble())
            : null;

        var actual = source.Resize(expected.Size, filter, region);

        Assert.Equal(expected.Rgba, actual.Rgba);
    }

    [Fact]
    public void Colours_under_transparent_pixels_do_not_bleed()
    {
        var picture = new Picture(2, 1, [255, 0, 0, 255, 0, 255, 0, 0]);

        var small = picture.Resize(new(1, 1), ResizeFilter.Box);

        Assert.Equal([255, 0, 0, 128], small.Rgba);
    }

    // The order shows in the rounding between the passes.
    [Theory]
    [InlineData(30, 12, true)]
    [InlineData(30, 40, false)]
    [InlineData(9, 12, false)]
    [InlineData(9, 40, false)]
    [InlineData(20, 12, true)]
    public void Columns_come_first_where_the_height_shrinks_much_more(int width, int height, bool columnsFirst)
    {
        var picture = TestPictures.Gradient(21, 25);

        var inTurn = columnsFirst
            ? picture.Resize(new(21, height)).Resize(new(width, height))
            : picture.Resize(new(width, 25)).Resize(new(width, height));

        Assert.Equal(inTurn.Rgba, picture.Resize(new(width, height)).Rgba);
    }

    [Fact]
    public void A_region_outside_the_picture_is_refused() =>
        Assert.Throws<ArgumentException>(
            () => new Picture(4, 4).Resize(new(2, 2), ResizeFilter.Box, new(0, 0, 5, 4)));

    private static JsonElement Fixture() =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "fixture.json"))).RootElement.GetProperty("cases");

    // (height, width) grey or (height, width, 3) colours.
    private static Picture ReadPicture(SafetensorsFile file, string name)
    {
        var entry = file.Tensors[name];
        var bytes = new byte[entry.ByteCount];
        file.Read(name, bytes);
        var channels = entry.Shape.Count == 3 ? (int)entry.Shape[2] : 1;
        var picture = new Picture((int)entry.Shape[1], (int)entry.Shape[0]);
        for (var i = 0; i < picture.Rgba.Length; i++)
        {
            picture.Rgba[i] = i % 4 == 3 ? (byte)255 : bytes[(i / 4 * channels) + (i % 4 % channels)];
        }

        return picture;
    }
}
