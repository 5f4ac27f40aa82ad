namespace Dramatis.Pictures;

/// <summary>Pixels in memory: 8-bit RGBA, straight alpha, rows from the top without padding.</summary>
/// <remarks>Operations return new pictures; only <see cref="Rgba"/> can be written in place.</remarks>
public sealed class Picture
{
    private const int Channels = 4;
    private const byte BarelyVisible = 8;

    /// <summary>A transparent black picture.</summary>
    public Picture(int width, int height)
        : this(width, height, new byte[checked(width * height * Channels)])
    {
    }

    /// <summary>Takes the array over without copying it.</summary>
    /// <exception cref="ArgumentException">The array has not four bytes for each pixel.</exception>
    public Picture(int width, int height, byte[] rgba)
    {
        ArgumentNullException.ThrowIfNull(rgba);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (rgba.Length != (long)width * height * Channels)
        {
            throw new ArgumentException($"{rgba.Length} bytes are not {width}x{height} RGBA pixels.", nameof(rgba));
        }

        Width = width;
        Height = height;
        Rgba = rgba;
    }

    /// <summary>Pixels, from 1.</summary>
    public int Width { get; }

    /// <summary>Pixels, from 1.</summary>
    public int Height { get; }

    /// <summary>Width and height in pixels.</summary>
    public PixelSize Size => new(Width, Height);

    /// <summary>Height x Width x 4 bytes: red, green, blue, alpha.</summary>
    public byte[] Rgba { get; }

    /// <summary>Whether any pixel is not fully opaque.</summary>
    public bool HasAlpha
    {
        get
        {
            for (var i = 3; i < Rgba.Length; i += Channels)
            {
                if (Rgba[i] != 255)
                {
                    return true;
                }
            }

            return false;
        }
    }

    internal static Picture Filled(int width, int height, Rgb colour)
    {
        var picture = new Picture(width, height);
        for (var i = 0; i < picture.Rgba.Length; i += Channels)
        {
            picture.Rgba[i] = colour.Red;
            picture.Rgba[i + 1] = colour.Green;
            picture.Rgba[i + 2] = colour.Blue;
            picture.Rgba[i + 3] = 255;
        }

        return picture;
    }

    /// <summary>An opaque picture from three bytes a pixel, row by row.</summary>
    public static Picture FromRgb(ReadOnlySpan<byte> rgb, PixelSize size)
    {
        var picture = Filled(size.Width, size.Height, Rgb.Black);
        for (var i = 0; i < size.Width * size.Height; i++)
        {
            rgb.Slice(3 * i, 3).CopyTo(picture.Rgba.AsSpan(Channels * i));
        }

        return picture;
    }

    /// <summary>Three bytes a pixel, row by row; alpha is left out.</summary>
    public byte[] ToRgb()
    {
        var rgb = new byte[Width * Height * 3];
        for (var i = 0; i < Width * Height; i++)
        {
            Rgba.AsSpan(Channels * i, 3).CopyTo(rgb.AsSpan(3 * i));
        }

        return rgb;
    }

    /// <summary>The brightness of each pixel (ITU-R BT.601 in 16-bit fixed point, as Pillow's mode L), row by row; alpha is left out.</summary>
    public byte[] ToGrey()
    {
        var grey = new byte[Width * Height];
        for (var i = 0; i < grey.Length; i++)
        {
            var pixel = Rgba.AsSpan(Channels * i, 3);
            grey[i] = (byte)(((19595 * pixel[0]) + (38470 * pixel[1]) + (7471 * pixel[2]) + 0x8000) >> 16);
        }

        return grey;
    }

    /// <summary>The four bytes of one row for each of its pixels.</summary>
    public Span<byte> Row(int y) => Rgba.AsSpan(y * Width * Channels, Width * Channels);

    /// <summary>The part inside the box; what lies outside the picture comes out transparent black.</summary>
    internal Picture Crop(PixelBox box)
    {
        var cropped = new Picture(box.Width, box.Height);
        var left = Math.Max(box.Left, 0);
        var right = Math.Min(box.Right, Width);
        if (left >= right)
        {
            return cropped;
        }

        for (var y = Math.Max(box.Top, 0); y < Math.Min(box.Bottom, Height); y++)
        {
            var source = Row(y)[(left * Channels)..(right * Channels)];
            source.CopyTo(cropped.Row(y - box.Top)[((left - box.Left) * Channels)..]);
        }

        return cropped;
    }

    /// <summary>Left and right exchanged.</summary>
    public Picture Mirror() => PictureTurning.Apply(this, PictureOrientation.Mirrored);

    /// <summary>Another size; shrinking averages over all pixels it covers. Equal to Pillow's bytes.</summary>
    /// <param name="region">Part of this picture to take, in pixels, not necessarily whole ones; all of it when null.</param>
    internal Picture Resize(PixelSize size, ResizeFilter filter = ResizeFilter.Bicubic, PixelRegion? region = null) =>
        PictureResizer.Resize(this, size, filter, region);

    /// <summary>The tight box around all pixels whose alpha is above the threshold; null when there is none.</summary>
    internal PixelBox? AlphaBounds(byte threshold = 0)
    {
        int left = Width, top = Height, right = 0, bottom = 0;
        for (var y = 0; y < Height; y++)
        {
            var row = Row(y);
            for (var x = 0; x < Width; x++)
            {
                if (row[(x * Channels) + 3] > threshold)
                {
                    left = Math.Min(left, x);
                    right = Math.Max(right, x + 1);
                    top = Math.Min(top, y);
                    bottom = y + 1;
                }
            }
        }

        return right == 0 ? null : new PixelBox(left, top, right, bottom);
    }

    /// <summary>What can be seen of a cut-out, nearly transparent edges left out. One without alpha, or with nothing to be seen, stays as it is.</summary>
    public Picture CropToVisible() =>
        HasAlpha && AlphaBounds(BarelyVisible) is { } bounds ? Crop(bounds) : this;

    /// <summary>This picture with the brightness of a mask of the same size for its alpha, times what it had.</summary>
    public Picture Masked(Picture mask)
    {
        ArgumentNullException.ThrowIfNull(mask);
        if (mask.Size != Size)
        {
            throw new ArgumentException($"The mask is {mask.Size}, the picture {Size}.", nameof(mask));
        }

        var result = new Picture(Width, Height, [.. Rgba]);
        var grey = mask.ToGrey();
        for (var i = 0; i < grey.Length; i++)
        {
            result.Rgba[(Channels * i) + 3] = (byte)(Rgba[(Channels * i) + 3] * grey[i] / 255);
        }

        return result;
    }

    /// <summary>The colours as they are stored, whatever the alpha hid; the result is opaque.</summary>
    public Picture WithoutAlpha() => FromRgb(ToRgb(), Size);

    /// <summary>This picture laid over a colour; the result is opaque.</summary>
    internal Picture Over(Rgb ground) => Over(Filled(Width, Height, ground));

    /// <summary>This picture laid over another of the same size, which counts as opaque.</summary>
    public Picture Over(Picture ground)
    {
        ArgumentNullException.ThrowIfNull(ground);
        if (ground.Size != Size)
        {
            throw new ArgumentException($"The ground is {ground.Size}, the picture {Size}.", nameof(ground));
        }

        var result = new byte[Rgba.Length];
        for (var i = 0; i < result.Length; i += Channels)
        {
            var alpha = Rgba[i + 3];
            result[i] = Mix(Rgba[i], ground.Rgba[i], alpha);
            result[i + 1] = Mix(Rgba[i + 1], ground.Rgba[i + 1], alpha);
            result[i + 2] = Mix(Rgba[i + 2], ground.Rgba[i + 2], alpha);
            result[i + 3] = 255;
        }

        return new Picture(Width, Height, result);
    }

    // Exact division by 255 with rounding.
    private static byte Mix(byte above, byte below, byte alpha)
    {
        var sum = (above * alpha) + (below * (255 - alpha)) + 128;
        return (byte)((sum + (sum >> 8)) >> 8);
    }
}
