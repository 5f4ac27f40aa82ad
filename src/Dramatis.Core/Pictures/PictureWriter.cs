using System.Diagnostics;
using System.Runtime.InteropServices;
using Dramatis.Errors;
using Dramatis.Files;
using SkiaSharp;

namespace Dramatis.Pictures;

/// <summary>Writes PNG files, with text beside the pixels.</summary>
public static class PictureWriter
{
    /// <summary>Encodes without loss; the same picture always gives the same bytes.</summary>
    /// <param name="text">Text chunks by keyword (1 to 79 Latin letters).</param>
    public static byte[] EncodePng(Picture picture, IReadOnlyDictionary<string, string>? text = null)
    {
        var alpha = picture.HasAlpha ? SKAlphaType.Unpremul : SKAlphaType.Opaque;
        var info = new SKImageInfo(picture.Width, picture.Height, SKColorType.Rgba8888, alpha);
        var pin = GCHandle.Alloc(picture.Rgba, GCHandleType.Pinned);
        try
        {
            using var pixels = new SKPixmap(info, pin.AddrOfPinnedObject());
            using var data = pixels.Encode(SKPngEncoderOptions.Default) ?? throw new UnreachableException();
            var png = data.ToArray();
            return text is null ? png : PngText.Insert(png, text);
        }
        finally
        {
            pin.Free();
        }
    }

    /// <summary>Writes the file whole or not at all.</summary>
    /// <exception cref="OutputNotWrittenException">The folder is missing or read-only, or the disk is full.</exception>
    public static void WritePng(string path, Picture picture, IReadOnlyDictionary<string, string>? text = null) =>
        AtomicFile.Write(path, stream => stream.Write(EncodePng(picture, text)));
}
