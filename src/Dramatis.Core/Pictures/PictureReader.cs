using System.Runtime.InteropServices;
using Dramatis.Errors;
using SkiaSharp;

namespace Dramatis.Pictures;

/// <summary>Reads PNG, JPEG and WebP (of an animation the first frame): upright, in sRGB, alpha kept.</summary>
public static class PictureReader
{
    /// <summary>A picture of a file.</summary>
    /// <param name="limits">How large it may be; <see cref="PictureLimits.Default"/> when null.</param>
    /// <exception cref="UnreadablePictureException">The file cannot be opened, is no picture, is broken or too large.</exception>
    public static Picture Read(string path, PictureLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Read(ReadBytes(path, limits ?? PictureLimits.Default), path, limits);
    }

    /// <summary>A picture of the bytes of a file.</summary>
    /// <param name="name">What an error calls the bytes.</param>
    /// <param name="limits">How large it may be; <see cref="PictureLimits.Default"/> when null.</param>
    /// <exception cref="UnreadablePictureException">The bytes are no picture, broken or too large.</exception>
    public static Picture Read(byte[] bytes, string name, PictureLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        ArgumentNullException.ThrowIfNull(name);
        limits ??= PictureLimits.Default;
        CheckLength(name, bytes.LongLength, limits);
        var container = PictureContainer.Of(bytes)
            ?? throw new UnreadablePictureException(name, "this is not a PNG, JPEG or WebP picture; convert it to one of them.");
        using var data = SKData.CreateCopy(bytes);
        using var codec = SKCodec.Create(data) ?? throw Damaged(name, "it cannot be decoded");
        var (width, height) = (codec.Info.Width, codec.Info.Height);
        if ((long)width * height > limits.Pixels)
        {
            throw new UnreadablePictureException(
                name, $"{width}x{height} pixels are more than the limit of {limits.Pixels:N0}; make the picture smaller.");
        }

        // Decoders fill up what is missing at the end.
        if (!container.IsWhole || (codec.EncodedFormat is SKEncodedImageFormat.Jpeg && !JpegScans.AreWhole(bytes)))
        {
            throw Damaged(name, "the file ends early");
        }

        var stored = Decode(codec, width, height, name);
        if (codec.EncodedFormat is SKEncodedImageFormat.Webp && WebpContainer.BeforeZeros(bytes) is { } cut && IsWholeIn(bytes[..cut], width, height))
        {
            throw Damaged(name, "zeros fill it up where it ended early");
        }

        return container.Orientation is PictureOrientation.Upright ? stored : PictureTurning.Apply(stored, container.Orientation);
    }

    private static UnreadablePictureException Damaged(string name, string how) => new(name, $"the picture is damaged: {how}; save or download it again.");

    /// <summary>The size of a picture as it is stored; no pixel is decoded.</summary>
    /// <exception cref="UnreadablePictureException">The bytes are no picture.</exception>
    internal static PixelSize SizeOf(byte[] bytes, string name)
    {
        using var data = SKData.CreateCopy(bytes);
        using var codec = SKCodec.Create(data) ?? throw new UnreadablePictureException(name, "this is not a picture.");
        return new(codec.Info.Width, codec.Info.Height);
    }

    internal static byte[] ReadBytes(string path, PictureLimits limits)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            CheckLength(path, file.Length, limits);
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UnreadablePictureException(path, FileProblem.Of(path, e), e);
        }
    }

    private static void CheckLength(string name, long bytes, PictureLimits limits)
    {
        if (bytes > limits.Bytes)
        {
            throw new UnreadablePictureException(
                name, $"{bytes:N0} bytes are more than the limit of {limits.Bytes:N0}; save the picture smaller.");
        }
    }

    // What is decoded as well without its end was made longer.
    private static bool IsWholeIn(byte[] bytes, int width, int height)
    {
        using var data = SKData.CreateCopy(bytes);
        using var codec = SKCodec.Create(data);
        return codec is not null && TryDecode(codec, width, height, out _) is SKCodecResult.Success;
    }

    private static Picture Decode(SKCodec codec, int width, int height, string name) => TryDecode(codec, width, height, out var picture) switch
    {
        SKCodecResult.Success => picture,
        SKCodecResult.IncompleteInput => throw Damaged(name, "it ends early"),
        var result => throw Damaged(name, $"{result}"),
    };

    private static SKCodecResult TryDecode(SKCodec codec, int width, int height, out Picture picture)
    {
        using var srgb = SKColorSpace.CreateSrgb();
        var info = new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul, srgb);
        picture = new Picture(width, height);
        var pin = GCHandle.Alloc(picture.Rgba, GCHandleType.Pinned);
        try
        {
            return codec.GetPixels(info, pin.AddrOfPinnedObject());
        }
        finally
        {
            pin.Free();
        }
    }
}
