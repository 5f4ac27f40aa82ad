using System.Buffers.Binary;
using System.IO.Hashing;
using Dramatis.Errors;
using Dramatis.Pictures;
using SkiaSharp;

namespace Dramatis.Tests.Pictures;

public sealed class PictureReaderTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_PNG_comes_back_as_it_was(bool alpha)
    {
        var picture = TestPictures.Gradient(13, 9, alpha);

        var read = PictureReader.Read(PictureWriter.EncodePng(picture), "gradient.png");

        Assert.Equal(picture.Rgba, read.Rgba);
    }

    [Fact]
    public void A_lossless_WebP_comes_back_with_its_alpha()
    {
        var picture = TestPictures.Gradient(13, 9, alpha: true);

        var read = PictureReader.Read(Encode(picture, SKEncodedImageFormat.Webp), "gradient.webp");

        Assert.Equal(picture.Size, read.Size);
        Assert.True(read.HasAlpha);
    }

    [Fact]
    public void A_turned_JPEG_is_read_upright()
    {
        var picture = Picture.Filled(16, 8, Rgb.White);
        var jpeg = Encode(picture, SKEncodedImageFormat.Jpeg);

        var read = PictureReader.Read(WithOrientation(jpeg, 6), "turned.jpg");

        Assert.Equal(new(8, 16), read.Size);
    }

    [Theory]
    [InlineData("")]
    [InlineData("This is no picture.")]
    [InlineData("GIF89a\u0001\u0000\u0001\u0000\u0000\u0000\u0000,\u0000\u0000\u0000\u0000\u0001\u0000\u0001\u0000\u0000")]
    public void Other_bytes_are_refused_by_name(string text)
    {
        var error = Assert.Throws<UnreadablePictureException>(
            () => PictureReader.Read(System.Text.Encoding.Latin1.GetBytes(text), "tom.png"));

        Assert.Equal("tom.png: this is not a PNG, JPEG or WebP picture; convert it to one of them.", error.Message);
    }

    [Fact]
    public void A_truncated_picture_is_refused()
    {
        var png = PictureWriter.EncodePng(TestPictures.Gradient(200, 100));

        var error = Assert.Throws<UnreadablePictureException>(() => PictureReader.Read(png[..(png.Length / 2)], "half.png"));

        Assert.Contains("damaged", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_picture_bomb_is_refused_before_it_is_decoded()
    {
        // A header that promises 60,000 x 60,000 pixels over the data of one.
        var png = PictureWriter.EncodePng(new Picture(1, 1));
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), 60_000);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), 60_000);
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(29), Crc32.HashToUInt32(png.AsSpan(12, 17)));
        var before = GC.GetAllocatedBytesForCurrentThread();

        var error = Assert.Throws<UnreadablePictureException>(() => PictureReader.Read(png, "bomb.png"));

        Assert.Contains("60000x60000 pixels are more than the limit of 100,000,000", error.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void A_file_of_300_MB_is_refused_without_reading_it()
    {
        using var folder = new TemporaryFolder();
        using (var file = File.Create(folder["huge.png"]))
        {
            file.SetLength(300L << 20);    // sparse
        }

        var error = Assert.Throws<UnreadablePictureException>(() => PictureReader.Read(folder["huge.png"]));

        Assert.Contains("314,572,800 bytes are more than the limit of 67,108,864", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_and_a_folder_are_refused_by_name()
    {
        using var folder = new TemporaryFolder();

        var missing = Assert.Throws<UnreadablePictureException>(() => PictureReader.Read(folder["none.png"]));
        var notAFile = Assert.Throws<UnreadablePictureException>(() => PictureReader.Read(folder.Path));

        Assert.Equal($"{folder["none.png"]}: there is no such file; check the path.", missing.Message);
        Assert.StartsWith($"{folder.Path}: is a folder, where a file is wanted", notAFile.Message, StringComparison.Ordinal);
    }

    private static byte[] Encode(Picture picture, SKEncodedImageFormat format)
    {
        using var image = SKImage.FromPixelCopy(
            new SKImageInfo(picture.Width, picture.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul), picture.Rgba);
        using var data = image.Encode(format, quality: 100);
        return data.ToArray();
    }

    // An APP1 segment right after the start marker: one EXIF entry, tag 0x0112.
    private static byte[] WithOrientation(byte[] jpeg, byte orientation) =>
    [
        .. jpeg[..2],
        0xFF, 0xE1, 0, 34, .. "Exif\0\0"u8, .. "MM\0*"u8, 0, 0, 0, 8, 0, 1,
        0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0,
        .. jpeg[2..],
    ];
}
