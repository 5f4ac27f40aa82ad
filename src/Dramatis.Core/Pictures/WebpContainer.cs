using System.Buffers.Binary;
using System.Text;

namespace Dramatis.Pictures;

/// <summary>The chunks of WebP files (RFC 9649, section 2).</summary>
internal static class WebpContainer
{
    private const int Header = 12;    // "RIFF", the length of the rest, "WEBP"
    private const int Frame = 8;      // name and length
    private const byte HasExif = 8;
    private const byte HasAlpha = 16;
    private const byte IsAnimation = 2;

    public static PictureContainer? Read(ReadOnlySpan<byte> webp)
    {
        if (!IsWebp(webp))
        {
            return null;
        }

        var container = default(PictureContainer) with { Xmp = "" };
        var end = Frame + (long)BinaryPrimitives.ReadUInt32LittleEndian(webp[4..]);
        var at = Header;
        while (at + Frame <= Math.Min(end, webp.Length))
        {
            var data = webp[(at + Frame)..];
            var length = BinaryPrimitives.ReadUInt32LittleEndian(webp[(at + 4)..]);
            if (length > data.Length)
            {
                return container;
            }

            container = With(container, Encoding.ASCII.GetString(webp[at..(at + 4)]), data[..(int)length]);
            at += Frame + (int)length + ((int)length & 1);
        }

        return container with { IsWhole = end <= webp.Length };
    }

    /// <summary>Where to cut off zeros that the coded pixels of a still end with, if so many stand there that no encoder writes them for nothing.</summary>
    /// <remarks>Encoders flush theirs with up to five bytes, and pixels of one colour may be coded as nothing but zeros.</remarks>
    public static int? BeforeZeros(ReadOnlySpan<byte> webp)
    {
        const int Zeros = 8;
        for (var at = Header; at + Frame <= webp.Length;)
        {
            var end = at + Frame + (long)BinaryPrimitives.ReadUInt32LittleEndian(webp[(at + 4)..]);
            if (end > webp.Length)
            {
                return null;
            }

            if (webp[at..].StartsWith("VP8 "u8) || webp[at..].StartsWith("VP8L"u8))
            {
                var cut = (int)end - Zeros;
                return cut > at + Frame && !webp[cut..(int)end].ContainsAnyExcept((byte)0) ? cut : null;
            }

            at = (int)(end + (end & 1));
        }

        return null;
    }

    /// <summary>The file with an EXIF block at its end, and the chunk that announces it.</summary>
    public static byte[] WithExif(ReadOnlySpan<byte> webp, ReadOnlySpan<byte> exif, PixelSize size, bool hasAlpha)
    {
        var isExtended = webp[Header..].StartsWith("VP8X"u8);
        byte[] extended = isExtended
            ? webp[Header..(Header + Frame + 10)].ToArray()
            : [.. "VP8X"u8, 10, 0, 0, 0, hasAlpha ? HasAlpha : (byte)0, 0, 0, 0, .. Three(size.Width - 1), .. Three(size.Height - 1)];
        extended[Frame] |= HasExif;
        byte[] rest =
        [
            .. "WEBP"u8, .. extended, .. webp[(isExtended ? Header + Frame + 10 : Header)..],
            .. "EXIF"u8, .. Four(exif.Length), .. exif, .. exif.Length % 2 == 0 ? (byte[])[] : [0],
        ];
        return [.. "RIFF"u8, .. Four(rest.Length), .. rest];

        static byte[] Three(int number) => [(byte)number, (byte)(number >> 8), (byte)(number >> 16)];

        static byte[] Four(int number) => [.. Three(number), (byte)(number >> 24)];
    }

    private static bool IsWebp(ReadOnlySpan<byte> webp) => webp.Length >= Header && webp.StartsWith("RIFF"u8) && webp[8..].StartsWith("WEBP"u8);

    private static PictureContainer With(PictureContainer container, string name, ReadOnlySpan<byte> data) => name switch
    {
        "VP8X" when data.Length > 0 => container with { IsAnimated = (data[0] & IsAnimation) != 0 },
        "EXIF" => container with { Exif = data.ToArray() },
        "XMP " => container with { Xmp = Encoding.UTF8.GetString(data) },
        _ => container,
    };
}
