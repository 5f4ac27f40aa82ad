using System.Text.RegularExpressions;

namespace Dramatis.Pictures;

/// <summary>What a picture file holds besides pixels. Decoders are not asked for it: they know some of it in some formats.</summary>
/// <param name="IsWhole">Whether the file goes on to where its format ends it.</param>
/// <param name="IsAnimated">Whether it holds several pictures of which the first stands for all.</param>
/// <param name="Exif">A TIFF block with what cameras and programs say, empty for none.</param>
/// <param name="Xmp">The same in XML, empty for none.</param>
internal readonly partial record struct PictureContainer(bool IsWhole, bool IsAnimated, ReadOnlyMemory<byte> Exif, string Xmp)
{
    /// <summary>How the stored pixels lie. Where EXIF says nothing, XMP may.</summary>
    public PictureOrientation Orientation => ExifBlock.Orientation(Exif.Span) ?? (OfXmp().Match(Xmp) is { Success: true } match
        ? (PictureOrientation)(match.Groups["number"].ValueSpan[0] - '0')
        : PictureOrientation.Upright);

    /// <summary>Null for what is no PNG, JPEG or WebP file.</summary>
    public static PictureContainer? Of(ReadOnlySpan<byte> bytes) =>
        PngContainer.Read(bytes) ?? JpegContainer.Read(bytes) ?? WebpContainer.Read(bytes);

    [GeneratedRegex("""tiff:Orientation\s*(=\s*["']|>)\s*(?<number>[1-8])\b""")]
    private static partial Regex OfXmp();
}
