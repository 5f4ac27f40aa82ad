using System.Runtime.InteropServices;
using SkiaSharp;

namespace Dramatis.Toybox;

/// <summary>A subject's picture, cropped to its alpha, ready to be drawn at any size: premultiplied RGBA, and its halves.</summary>
internal sealed class Cutout
{
    private readonly Level[] levels;

    private Cutout(Level[] levels) => this.levels = levels;

    public int Width => levels[0].Width;

    public int Height => levels[0].Height;

    /// <summary>Premultiplied RGBA, row-major, of the full size.</summary>
    public ReadOnlyMemory<byte> Pixels => levels[0].Pixels;

    /// <summary>Decodes a picture with alpha that is cropped already.</summary>
    public static Cutout Decode(ReadOnlySpan<byte> encoded)
    {
        using var data = SKData.CreateCopy(encoded);
        using var codec = SKCodec.Create(data) ?? throw new InvalidDataException("a picture of the bank is damaged");
        var info = new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Premul);
        var pixels = new byte[info.BytesSize];
        var handle = GCHandle.Alloc(pixels, GCHandleType.Pinned);
        try
        {
            if (codec.GetPixels(info, handle.AddrOfPinnedObject()) != SKCodecResult.Success)
            {
                throw new InvalidDataException("a picture of the bank is damaged");
            }
        }
        finally
        {
            handle.Free();
        }

        return From(pixels, info.Width, info.Height);
    }

    /// <param name="pixels">Premultiplied RGBA, row-major.</param>
    public static Cutout From(byte[] pixels, int width, int height)
    {
        var full = new Level(width, height, pixels);
        var half = full.Halve();
        return new([full, half, half.Halve()]);
    }

    internal SKBitmap ToBitmap()
    {
        var bitmap = new SKBitmap(new SKImageInfo(Width, Height, SKColorType.Rgba8888, SKAlphaType.Premul));
        Pixels.Span.CopyTo(bitmap.GetPixelSpan());
        return bitmap;
    }

    /// <summary>The smallest stored level that still has at least the wanted pixels across.</summary>
    internal Level LevelFor(double width)
    {
        var level = 0;
        while (level + 1 < levels.Length && levels[level + 1].Width >= width)
        {
            level++;
        }

        return levels[level];
    }

    internal sealed record Level(int Width, int Height, byte[] Pixels)
    {
        /// <summary>Half the size, each pixel the mean of four.</summary>
        public Level Halve()
        {
            var (width, height) = ((Width + 1) / 2, (Height + 1) / 2);
            var half = new byte[width * height * 4];
            for (var y = 0; y < height; y++)
            {
                for (var x = 0; x < width; x++)
                {
                    for (var c = 0; c < 4; c++)
                    {
                        var sum = At(2 * x, 2 * y, c) + At((2 * x) + 1, 2 * y, c)
                            + At(2 * x, (2 * y) + 1, c) + At((2 * x) + 1, (2 * y) + 1, c);
                        half[(((y * width) + x) * 4) + c] = (byte)((sum + 2) / 4);
                    }
                }
            }

            return new(width, height, half);
        }

        private int At(int x, int y, int channel) =>
            x < Width && y < Height ? Pixels[(((y * Width) + x) * 4) + channel] : 0;
    }
}
