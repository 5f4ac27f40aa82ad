using System.Buffers.Binary;
using System.Text;

namespace Dramatis.Pictures;

/// <summary>The segments of JPEG files (ITU-T T.81, annex B), whatever their coding.</summary>
internal static class JpegContainer
{
    private const byte Mark = 0xFF;
    private const byte Start = 0xD8;
    private const byte App0 = 0xE0;
    private const byte App1 = 0xE1;
    private const int MostData = 0xFFFF - 2;

    /// <summary>The marker of the end.</summary>
    public const byte End = 0xD9;

    /// <summary>The marker of a scan, behind whose segment coded pixels stand.</summary>
    public const byte Scan = 0xDA;

    /// <summary>What EXIF begins with in such a segment.</summary>
    public static ReadOnlySpan<byte> ExifStart => "Exif\0\0"u8;

    private static ReadOnlySpan<byte> XmpStart => "http://ns.adobe.com/xap/1.0/\0"u8;

    public static PictureContainer? Read(ReadOnlySpan<byte> jpeg)
    {
        if (jpeg is not [Mark, Start, Mark, ..])
        {
            return null;
        }

        var container = default(PictureContainer) with { Xmp = "" };
        var at = 2;
        while (Marker(jpeg, ref at) is { } marker)
        {
            if (marker == End)
            {
                return container with { IsWhole = true };
            }

            if (Data(jpeg, at) is not { } data)
            {
                break;
            }

            var segment = jpeg[data];
            at = data.End.Value;
            if (marker == App1 && segment.StartsWith(ExifStart) && container.Exif.IsEmpty)
            {
                container = container with { Exif = segment[ExifStart.Length..].ToArray() };
            }
            else if (marker == App1 && segment.StartsWith(XmpStart))
            {
                container = container with { Xmp = Encoding.UTF8.GetString(segment[XmpStart.Length..]) };
            }
            else if (marker == Scan)
            {
                at = AfterScan(jpeg, at);
            }
        }

        return container;
    }

    /// <summary>The file with an EXIF block where readers look for it; null when it has no room there.</summary>
    public static byte[]? WithExif(ReadOnlySpan<byte> jpeg, ReadOnlySpan<byte> exif)
    {
        if (!HasRoomFor(exif))
        {
            return null;
        }

        var length = ExifStart.Length + exif.Length;
        var at = jpeg is [_, _, Mark, App0, ..] && Data(jpeg, 4) is { } first ? first.End.Value : 2;
        return [.. jpeg[..at], Mark, App1, (byte)((length + 2) >> 8), (byte)(length + 2), .. ExifStart, .. exif, .. jpeg[at..]];
    }

    /// <summary>Whether an EXIF block fits into a file.</summary>
    public static bool HasRoomFor(ReadOnlySpan<byte> exif) => ExifStart.Length + exif.Length <= MostData;

    /// <summary>The second byte of a marker; any number of the first may stand before it. Null for none.</summary>
    public static byte? Marker(ReadOnlySpan<byte> jpeg, ref int at)
    {
        if (at >= jpeg.Length || jpeg[at] != Mark)
        {
            return null;
        }

        while (at < jpeg.Length && jpeg[at] == Mark)
        {
            at++;
        }

        return at < jpeg.Length ? jpeg[at++] : null;
    }

    /// <summary>A segment, behind the two bytes of its length, which count themselves; null when the file ends in it.</summary>
    public static Range? Data(ReadOnlySpan<byte> jpeg, int at)
    {
        if (at + 2 > jpeg.Length || BinaryPrimitives.ReadUInt16BigEndian(jpeg[at..]) is var length && (length < 2 || at + length > jpeg.Length))
        {
            return null;
        }

        return (at + 2)..(at + length);
    }

    /// <summary>Where coded pixels end. They hold markers of restarts, and zeros behind bytes that look like a mark.</summary>
    public static int AfterScan(ReadOnlySpan<byte> jpeg, int at)
    {
        for (; at < jpeg.Length; at++)
        {
            if (jpeg[at] == Mark && at + 1 < jpeg.Length && jpeg[at + 1] is not (0 or (>= 0xD0 and <= 0xD7)))
            {
                return at;
            }
        }

        return jpeg.Length;
    }
}
