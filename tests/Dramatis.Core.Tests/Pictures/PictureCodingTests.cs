using System.IO.Hashing;
using System.Text;
using Dramatis.Errors;
using Dramatis.Pictures;
using SkiaSharp;

namespace Dramatis.Tests.Pictures;

/// <summary>What holds for every format and coding: files of one picture, whose quarters are red, blue, green and white.</summary>
public sealed class PictureCodingTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Pictures", "Coded");

    private static readonly double[] Kept = [.3, .5, .9];    // shares of a file

    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(Folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Fact]
    public void No_coding_is_missing() => Assert.Equal(19, Files.Count);

    [Theory]
    [MemberData(nameof(Files))]
    public void The_picture_comes_back(string name)
    {
        var picture = PictureReader.Read(Load(name), name);

        Assert.Equal(new(24, 16), picture.Size);
        Assert.Equal(name.StartsWith("alpha", StringComparison.Ordinal), picture.HasAlpha);
        AssertQuarters(name, picture, 0, 1, 2, 3);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Turned_by_EXIF_it_is_read_upright(string name) => AssertTurned(name, (bytes, orientation) => WithExif(bytes, Tiff(orientation, big: true)));

    [Theory]
    [MemberData(nameof(Files))]
    public void The_other_order_of_bytes_turns_it_too(string name) =>
        AssertTurned(name, (bytes, orientation) => WithExif(bytes, Tiff(orientation, big: false)));

    [Theory]
    [MemberData(nameof(Files))]
    public void Turned_by_XMP_it_is_read_upright(string name) => AssertTurned(name, (bytes, orientation) => WithXmp(bytes, orientation));

    [Fact]
    public void A_PNG_turned_as_programs_did_it_before_there_was_a_chunk_for_it_is_read_upright() => AssertTurned("rgb.png", (bytes, orientation) =>
    {
        byte[] exif = [.. "Exif\0\0"u8, .. Tiff(orientation, big: true)];
        return PngText.Insert(bytes, [("tEXt", Encoding.ASCII.GetBytes($"Raw profile type exif\0\nexif\n{exif.Length,8}\n{Convert.ToHexStringLower(exif)}\n"))]);
    });

    [Theory]
    [InlineData("rgb.png")]
    [InlineData("baseline.jpg")]
    [InlineData("lossy.webp")]
    public void What_is_no_orientation_turns_nothing(string name)
    {
        byte[][] blocks = [Tiff(0, big: true), Tiff(9, big: true), [], [.. "MM\0*"u8], [.. "MM\0*"u8, 0xFF, 0xFF, 0xFF, 0xFF], Tiff(6, big: true)[..20]];

        Assert.All(blocks, block => AssertQuarters(name, PictureReader.Read(WithExif(Load(name), block), name), 0, 1, 2, 3));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Cut_off_anywhere_it_is_refused(string name)
    {
        var bytes = Load(name);

        for (var length = 16; length < bytes.Length; length++)
        {
            var error = Assert.Throws<UnreadablePictureException>(() => PictureReader.Read(bytes[..length], name));
            Assert.Contains("the picture is damaged", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Filled_up_with_zeros_where_it_ends_early_it_is_refused(string name)
    {
        var bytes = Load(name);
        var kept = bytes.Length - 10;

        Assert.SkipWhen(name.EndsWith(".webp", StringComparison.Ordinal), "ten bytes are too few to tell zeros of a file from zeros put there");
        Assert.Throws<UnreadablePictureException>(() => PictureReader.Read([.. bytes[..kept], .. new byte[bytes.Length]], name));
    }

    // Wherever it was cut, in a scan or between two, the end marker does not make it whole.
    [Theory]
    [InlineData("baseline.jpg")]
    [InlineData("grey.jpg")]
    [InlineData("cmyk.jpg")]
    [InlineData("restart.jpg")]
    [InlineData("progressive.jpg")]
    [InlineData("progressive-restart.jpg")]
    public void A_JPEG_that_was_cut_and_then_ended_is_refused(string name)
    {
        var bytes = Load(name);

        for (var length = 16; length < bytes.Length - 2; length++)
        {
            byte[] ended = [.. bytes[..length], 0xFF, 0xD9];
            Assert.Throws<UnreadablePictureException>(() => PictureReader.Read(ended, $"{name} at {length}"));
        }
    }

    // With grain, as photographs have.
    [Theory]
    [InlineData(SKEncodedImageFormat.Jpeg, 30)]
    [InlineData(SKEncodedImageFormat.Jpeg, 95)]
    [InlineData(SKEncodedImageFormat.Webp, 40)]
    [InlineData(SKEncodedImageFormat.Webp, 100)]
    public void So_is_a_photograph_and_one_that_zeros_fill_up_while_whole_ones_are_read(SKEncodedImageFormat format, int quality)
    {
        var random = new Random(5);
        var passed = new List<string>();
        foreach (var (width, height) in new[] { (640, 480), (333, 170), (90, 200) })
        {
            var bytes = Grainy(width, height, random, format, quality);
            Assert.Equal(new(width, height), PictureReader.Read(bytes, "whole").Size);
            passed.AddRange(Kept.Where(share => IsRead(Spoilt(bytes, (int)(share * bytes.Length)))).Select(share => $"{width}x{height} at {share}"));
        }

        Assert.Empty(passed);

        byte[] Spoilt(byte[] bytes, int kept) =>
            format is SKEncodedImageFormat.Jpeg ? [.. bytes[..kept], 0xFF, 0xD9] : [.. bytes[..kept], .. new byte[bytes.Length - kept]];

        static bool IsRead(byte[] bytes)
        {
            try
            {
                PictureReader.Read(bytes, "spoilt");
                return true;
            }
            catch (UnreadablePictureException)
            {
                return false;
            }
        }
    }

    // Zeros may be all that there is to say: they are needed then.
    [Theory]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    [InlineData(SKEncodedImageFormat.Webp)]
    public void A_picture_of_one_colour_is_whole_at_any_size(SKEncodedImageFormat format)
    {
        foreach (var side in new[] { 1, 16, 500, 4000 })
        {
            foreach (var colour in new[] { SKColors.Black, SKColors.White, SKColors.Teal })
            {
                using var bitmap = new SKBitmap(side, side);
                bitmap.Erase(colour);
                Assert.All([50, 100], quality =>
                {
                    using var data = bitmap.Encode(format, quality);
                    Assert.Equal(side, PictureReader.Read(data.ToArray(), "flat").Width);
                });
            }
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void What_stands_behind_its_end_is_no_fault(string name) =>
        AssertQuarters(name, PictureReader.Read([.. Load(name), .. "more"u8], name), 0, 1, 2, 3);

    private static byte[] Grainy(int width, int height, Random random, SKEncodedImageFormat format, int quality)
    {
        using var bitmap = new SKBitmap(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        var pixels = bitmap.GetPixelSpan();
        for (var i = 0; i < pixels.Length; i++)
        {
            var (x, y) = (i / 4 % width, i / 4 / width);
            pixels[i] = (byte)(i % 4 == 3 ? 255 : 128 + (70 * Math.Sin(x / 9.0)) + (40 * Math.Cos((y / 7.0) + (i % 4))) + random.Next(-12, 13));
        }

        using var data = bitmap.Encode(format, quality);
        return data.ToArray();
    }

    private static byte[] Load(string name) => File.ReadAllBytes(Path.Combine(Folder, name));

    // The numbers of the quarters (left above, right above, left below, right below) that come to stand in their place.
    private static void AssertTurned(string name, Func<byte[], byte, byte[]> turned)
    {
        int[][] quarters = [[0, 1, 2, 3], [1, 0, 3, 2], [3, 2, 1, 0], [2, 3, 0, 1], [0, 2, 1, 3], [2, 0, 3, 1], [3, 1, 2, 0], [1, 3, 0, 2]];
        for (byte orientation = 1; orientation <= 8; orientation++)
        {
            AssertQuarters(name, PictureReader.Read(turned(Load(name), orientation), name), quarters[orientation - 1]);
        }
    }

    private static void AssertQuarters(string name, Picture picture, params int[] quarters)
    {
        var isGrey = name.Contains("grey", StringComparison.Ordinal);
        int[][] colours = name.StartsWith("two", StringComparison.Ordinal) ? []
            : isGrey ? [[81, 81, 81], [49, 49, 49], [130, 130, 130], [240, 240, 240]]
            : [[200, 30, 30], [30, 30, 200], [30, 200, 30], [240, 240, 240]];
        foreach (var (place, quarter) in quarters.Index().Where(item => item.Item < colours.Length))
        {
            var (x, y) = (picture.Width * ((2 * (place % 2)) + 1) / 4, picture.Height * ((2 * (place / 2)) + 1) / 4);
            var pixel = picture.Row(y).Slice(4 * x, 3).ToArray();
            Assert.All(pixel.Zip(colours[quarter]), channel => Assert.InRange(channel.First, channel.Second - 8, channel.Second + 8));
        }
    }

    // One entry: tag 0x0112, one short number.
    private static byte[] Tiff(byte orientation, bool big) => big
        ? [.. "MM\0*"u8, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]
        : [.. "II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0];

    private static byte[] WithExif(byte[] file, byte[] exif) => file[0] switch
    {
        0xFF => JpegContainer.WithExif(file, exif)!,
        (byte)'R' => WebpContainer.WithExif(file, exif, new(24, 16), hasAlpha: false),
        _ => [.. file[..^12], .. Chunk("eXIf", exif), .. file[^12..]],
    };

    private static byte[] WithXmp(byte[] file, byte orientation)
    {
        var xmp = Encoding.UTF8.GetBytes(orientation % 2 == 0
            ? $"<rdf:Description tiff:Orientation=\"{orientation}\"/>"
            : $"<tiff:Orientation>{orientation}</tiff:Orientation>");
        byte[] name = [.. "http://ns.adobe.com/xap/1.0/\0"u8];
        var padded = xmp.Length % 2 == 0 ? xmp : [.. xmp, (byte)' '];
        return file[0] switch
        {
            0xFF => [0xFF, 0xD8, 0xFF, 0xE1, 0, (byte)(2 + name.Length + xmp.Length), .. name, .. xmp, .. file[2..]],
            (byte)'R' => WithLength([.. file, .. "XMP "u8, (byte)padded.Length, 0, 0, 0, .. padded]),
            _ => PngText.Insert(file, [("iTXt", [.. "XML:com.adobe.xmp\0\0\0\0\0"u8, .. xmp])]),
        };
    }

    private static byte[] WithLength(byte[] webp)
    {
        BitConverter.TryWriteBytes(webp.AsSpan(4), webp.Length - 8);
        return webp;
    }

    private static byte[] Chunk(string type, byte[] data)
    {
        byte[] body = [.. Encoding.ASCII.GetBytes(type), .. data];
        return [0, 0, 0, (byte)data.Length, .. body, .. BitConverter.GetBytes(Crc32.HashToUInt32(body)).Reverse()];
    }
}
