using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Dramatis.Pictures;

/// <summary>The chunks of PNG files (PNG specification, section 5).</summary>
internal static class PngContainer
{
    private const int Frame = 12;    // length, type and check sum

    // Where programs kept EXIF before PNG had a chunk for it: a name, a length and the bytes in hexadecimal.
    private static readonly string[] OldExif = ["Raw profile type exif", "Raw profile type APP1"];

    public static PictureContainer? Read(ReadOnlySpan<byte> png)
    {
        if (!png.StartsWith(PngText.Signature))
        {
            return null;
        }

        var container = default(PictureContainer) with { Xmp = "" };
        for (var rest = png[PngText.Signature.Length..]; Next(rest) is { } length; rest = rest[(Frame + length)..])
        {
            var data = rest[8..(8 + length)];
            switch (Encoding.ASCII.GetString(rest[4..8]))
            {
                case "IEND":
                    return WithTexts(png, container with { IsWhole = true });
                case "acTL":
                    container = container with { IsAnimated = true };
                    break;
                case "eXIf":
                    container = container with { Exif = data.ToArray() };
                    break;
            }
        }

        return container;
    }

    // The length of the next chunk's data; null where no whole chunk is left.
    private static int? Next(ReadOnlySpan<byte> rest)
    {
        if (rest.Length < Frame || !IsName(rest[4..8]))
        {
            return null;
        }

        var length = BinaryPrimitives.ReadUInt32BigEndian(rest);
        return length <= rest.Length - Frame ? (int)length : null;
    }

    private static bool IsName(ReadOnlySpan<byte> type) => !type.ContainsAnyExceptInRange((byte)'A', (byte)'z');

    private static PictureContainer WithTexts(ReadOnlySpan<byte> png, PictureContainer container)
    {
        var texts = PngText.Read(png);
        var old = OldExif.Select(name => texts.GetValueOrDefault(name)).FirstOrDefault(text => text is not null);
        return container with
        {
            Exif = container.Exif.IsEmpty && old is not null ? FromHexadecimal(old) : container.Exif,
            Xmp = texts.GetValueOrDefault("XML:com.adobe.xmp") ?? "",
        };
    }

    private static byte[] FromHexadecimal(string profile)
    {
        var words = profile.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);    // "exif", the number of bytes, lines of digits
        var digits = string.Concat(words.Skip(2));
        return digits.Length % 2 == 0 && digits.All(char.IsAsciiHexDigit) && words.Length > 2
            && int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out _)
            ? Convert.FromHexString(digits)
            : [];
    }
}
