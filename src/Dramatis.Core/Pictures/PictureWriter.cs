using System.Diagnostics;
using System.Runtime.InteropServices;
using Dramatis.Errors;
using Dramatis.Files;
using SkiaSharp;

namespace Dramatis.Pictures;

/// <summary>Writes PNG, JPEG and WebP files, with text beside the pixels.</summary>
public static class PictureWriter
{
    // Colours are kept at full resolution: what JPEG loses then is hardly to be seen.
    private const int JpegQuality = 95;
    private const int WebpEffort = 75;

    /// <summary>Encodes without loss; the same picture always gives the same bytes.</summary>
    /// <param name="text">Text chunks by keyword (1 to 79 Latin letters).</param>
    public static byte[] EncodePng(Picture picture, IReadOnlyDictionary<string, string>? text = null)
    {
        ArgumentNullException.ThrowIfNull(picture);
        var png = Encode(picture, pixels => pixels.Encode(SKPngEncoderOptions.Default));
        return text is null ? png : PngText.Insert(png, text);
    }

    /// <summary>Encodes in a format; the same picture always gives the same bytes. JPEG has no alpha: pictures are laid over white.</summary>
    /// <param name="text">
    /// Texts by keyword. In JPEG and WebP they are EXIF, where <c>parameters</c> is the comment that galleries show; texts of more than 64 kB are left
    /// out of JPEG, which has no room for them.
    /// </param>
    public static byte[] Encode(Picture picture, PictureFormat format, IReadOnlyDictionary<string, string>? text = null)
    {
        ArgumentNullException.ThrowIfNull(picture);
        switch (format)
        {
            case PictureFormat.Png:
                return EncodePng(picture, text);
            case PictureFormat.Jpeg:
                var options = new SKJpegEncoderOptions(JpegQuality, SKJpegEncoderDownsample.Downsample444, SKJpegEncoderAlphaOption.Ignore);
                var jpeg = Encode(picture.Over(Rgb.White), pixels => pixels.Encode(options));
                return text is null ? jpeg : JpegContainer.WithExif(jpeg, ExifBlock.Of(text, PictureText.Lines)) ?? jpeg;
            case PictureFormat.Webp:
                var webp = Encode(picture, pixels => pixels.Encode(new SKWebpEncoderOptions(SKWebpEncoderCompression.Lossless, WebpEffort)));
                return text is null ? webp : WebpContainer.WithExif(webp, ExifBlock.Of(text, PictureText.Lines), picture.Size, picture.HasAlpha);
            default:
                throw new ArgumentOutOfRangeException(nameof(format), format, "is no format that pictures are written in.");
        }
    }

    /// <summary>Encodes as most software does, colours at half the resolution; alpha is left out.</summary>
    /// <param name="quality">1 to 100.</param>
    internal static byte[] EncodeJpeg(Picture picture, int quality)
    {
        var options = new SKJpegEncoderOptions(quality, SKJpegEncoderDownsample.Downsample420, SKJpegEncoderAlphaOption.Ignore);
        return Encode(picture.WithoutAlpha(), pixels => pixels.Encode(options));
    }

    /// <summary>Writes the file whole or not at all, in the format that its ending says.</summary>
    /// <param name="text">As <see cref="Encode(Picture, PictureFormat, IReadOnlyDictionary{string, string}?)"/> takes them.</param>
    /// <exception cref="OutputNotWrittenException">The ending says no format, the folder is missing or read-only, or the disk is full.</exception>
    public static void Write(string path, Picture picture, IReadOnlyDictionary<string, string>? text = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(picture);
        var format = PictureFormats.OfPath(path);
        AtomicFile.Write(path, stream => stream.Write(Encode(picture, format, text)));
    }

    /// <summary>Writes the file whole or not at all.</summary>
    /// <exception cref="OutputNotWrittenException">The folder is missing or read-only, or the disk is full.</exception>
    public static void WritePng(string path, Picture picture, IReadOnlyDictionary<string, string>? text = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(picture);
        AtomicFile.Write(path, stream => stream.Write(EncodePng(picture, text)));
    }

    /// <summary>Whether a file of a format has room for texts.</summary>
    internal static bool HasRoomFor(IReadOnlyDictionary<string, string> text, PictureFormat format) =>
        format != PictureFormat.Jpeg || JpegContainer.HasRoomFor(ExifBlock.Of(text, PictureText.Lines));

    /// <summary>A PNG of ours in another format, with its texts.</summary>
    /// <exception cref="UnreadablePictureException">It is no PNG.</exception>
    public static byte[] Convert(byte[] png, PictureFormat format)
    {
        ArgumentNullException.ThrowIfNull(png);
        return format == PictureFormat.Png ? png : Encode(PictureReader.Read(png, "picture"), format, PictureText.Read(png));
    }

    private static byte[] Encode(Picture picture, Func<SKPixmap, SKData?> encode)
    {
        var alpha = picture.HasAlpha ? SKAlphaType.Unpremul : SKAlphaType.Opaque;
        var info = new SKImageInfo(picture.Width, picture.Height, SKColorType.Rgba8888, alpha);
        var pin = GCHandle.Alloc(picture.Rgba, GCHandleType.Pinned);
        try
        {
            using var pixels = new SKPixmap(info, pin.AddrOfPinnedObject());
            using var data = encode(pixels) ?? throw new UnreachableException();
            return data.ToArray();
        }
        finally
        {
            pin.Free();
        }
    }
}
