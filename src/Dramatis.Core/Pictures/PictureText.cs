using System.Text.Json.Serialization;

namespace Dramatis.Pictures;

/// <summary>Texts in picture files by keyword: chunks of PNG, EXIF in JPEG and WebP.</summary>
internal static class PictureText
{
    /// <summary>The keyword of the lines that galleries show.</summary>
    public const string Lines = "parameters";

    /// <summary>All texts; none for files of other programs and other formats.</summary>
    /// <exception cref="Errors.UnreadablePictureException">The file cannot be read, or is larger than a picture may be.</exception>
    public static IReadOnlyDictionary<string, string> Read(string path) => Read(PictureReader.ReadBytes(path, PictureLimits.Default));

    /// <inheritdoc cref="Read(string)"/>
    public static IReadOnlyDictionary<string, string> Read(ReadOnlySpan<byte> file) => file.StartsWith(PngText.Signature)
        ? PngText.Read(file)
        : ExifBlock.Texts((PictureContainer.Of(file) ?? default).Exif.Span);
}

[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class PictureTextContext : JsonSerializerContext;
