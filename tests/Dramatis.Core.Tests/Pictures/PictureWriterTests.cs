using Dramatis.Errors;
using Dramatis.Pictures;

namespace Dramatis.Tests.Pictures;

public sealed class PictureWriterTests
{
    private static readonly Dictionary<string, string> Texts = new()
    {
        ["dramatis"] = """{"request":{"prompt":"Ein Fuchs im Schnee: 狐狸 🦊"}}""",
        ["parameters"] = "a fox\nSteps: 20",
    };

    [Theory]
    [InlineData("a.png", "89504E47")]
    [InlineData("a.jpg", "FFD8FF")]
    [InlineData("a.JPEG", "FFD8FF")]
    [InlineData("a.webp", "52494646")]
    public void A_file_is_what_its_ending_says(string name, string start)
    {
        using var folder = new TemporaryFolder();

        PictureWriter.Write(folder[name], TestPictures.Gradient(13, 9), Texts);

        Assert.StartsWith(start, Convert.ToHexString(File.ReadAllBytes(folder[name])), StringComparison.Ordinal);
        Assert.Equal(new(13, 9), PictureReader.Read(folder[name]).Size);
        Assert.Equal(Texts, PictureText.Read(folder[name]));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("a.txt")]
    [InlineData("a.gif")]
    [InlineData("a.png.tmp")]
    public void Other_endings_are_refused_with_those_there_are(string name)
    {
        using var folder = new TemporaryFolder();

        var error = Assert.Throws<OutputNotWrittenException>(() => PictureWriter.Write(folder[name], TestPictures.Gradient(3, 3)));

        Assert.EndsWith("end the name in .png, .jpg, .jpeg or .webp.", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(folder.Path));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WebP_keeps_every_pixel_with_and_without_texts(bool alpha)
    {
        var picture = TestPictures.Gradient(13, 9, alpha);

        Assert.Equal(picture.Rgba, PictureReader.Read(PictureWriter.Encode(picture, PictureFormat.Webp), "a").Rgba);
        Assert.Equal(picture.Rgba, PictureReader.Read(PictureWriter.Encode(picture, PictureFormat.Webp, Texts), "a").Rgba);
    }

    [Fact]
    public void JPEG_is_near_the_picture_over_white()
    {
        var picture = new Picture(32, 32, [.. Enumerable.Repeat<byte[]>([200, 40, 60, 0], 512).Concat(Enumerable.Repeat<byte[]>([200, 40, 60, 255], 512)).SelectMany(p => p)]);

        var read = PictureReader.Read(PictureWriter.Encode(picture, PictureFormat.Jpeg), "a");

        Assert.All(read.Row(2).ToArray(), value => Assert.InRange(value, 253, 255));
        Assert.All(read.Row(30)[..3].ToArray().Zip<byte, int>([200, 40, 60]), item => Assert.InRange(item.First, item.Second - 4, item.Second + 4));
    }

    [Fact]
    public void Texts_that_no_JPEG_has_room_for_are_left_out()
    {
        var long64 = new Dictionary<string, string> { ["dramatis"] = new string('a', 70_000) };

        Assert.Empty(PictureText.Read(PictureWriter.Encode(TestPictures.Gradient(4, 4), PictureFormat.Jpeg, long64)));
        Assert.Equal(long64, PictureText.Read(PictureWriter.Encode(TestPictures.Gradient(4, 4), PictureFormat.Webp, long64)));
    }
}
