using System.IO.Compression;
using System.Text;
using Dramatis.Pictures;

namespace Dramatis.Tests.Pictures;

public sealed class PngTextTests
{
    [Fact]
    public void Text_comes_back_and_the_pixels_stay()
    {
        var picture = TestPictures.Gradient(5, 4, alpha: true);
        var text = new Dictionary<string, string>
        {
            ["dramatis"] = """{"prompt":"Ein Fuchs im Schnee: 狐狸 🦊"}""",
            ["parameters"] = "a fox\nSteps: 20",
        };

        var png = PictureWriter.EncodePng(picture, text);

        Assert.Equal(text, PngText.Read(png));
        Assert.Equal(picture.Rgba, PictureReader.Read(png, "text.png").Rgba);
    }

    [Fact]
    public void Compressed_text_of_other_programs_is_read()
    {
        var png = PictureWriter.EncodePng(new Picture(1, 1));
        using var packed = new MemoryStream();
        using (var zip = new ZLibStream(packed, CompressionMode.Compress, leaveOpen: true))
        {
            zip.Write("parameters of a fox"u8);
        }

        var zTXt = PngText.Insert(png, [("zTXt", [.. "a\0\0"u8, .. packed.ToArray()])]);
        var iTXt = PngText.Insert(png, [("iTXt", [.. "b\0\u0001\0en\0\0"u8, .. packed.ToArray()])]);

        Assert.Equal("parameters of a fox", PngText.Read(zTXt)["a"]);
        Assert.Equal("parameters of a fox", PngText.Read(iTXt)["b"]);
    }

    [Fact]
    public void Broken_chunks_are_passed_over()
    {
        var png = PngText.Insert(
            PictureWriter.EncodePng(new Picture(1, 1)), [("zTXt", [.. "a\0\0no zlib"u8]), ("iTXt", [.. "b\0"u8]), ("tEXt", [.. "c"u8])]);

        Assert.Empty(PngText.Read(png));
        Assert.Empty(PngText.Read(png.AsSpan(0, 40)));
        Assert.Empty(PngText.Read(Encoding.ASCII.GetBytes("no PNG at all")));
    }
}
