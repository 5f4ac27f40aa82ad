using Dramatis.Conditioning;
using Dramatis.Errors;
using Dramatis.Pictures;
using Dramatis.Requests;

namespace Dramatis.Pipelines;

/// <summary>Pictures brought to the size that is painted.</summary>
internal static class SizedPicture
{
    // What is nearer to a shape than by the steps in which sizes go is not told as another.
    private const int RoundedTo = 8;

    /// <summary>The largest size that is no larger and divides by the factor between latents and pixels.</summary>
    public static PixelSize Paintable(PixelSize size, int factor) => new(size.Width / factor * factor, size.Height / factor * factor);

    /// <summary>A paintable size of a picture's shape, with about as many pixels as another.</summary>
    public static PixelSize OfShape(PixelSize shape, PixelSize size, int factor)
    {
        var scale = Math.Sqrt((double)size.Width * size.Height / ((double)shape.Width * shape.Height));
        return new(Side(shape.Width), Side(shape.Height));

        int Side(int pixels) => factor * (int)Math.Clamp(
            Math.Round(pixels * scale / factor), Math.Ceiling((double)RequestRules.SmallestSide / factor), RequestRules.LargestSide / factor);
    }

    /// <summary>The picture over white, resized as the reference does it.</summary>
    /// <param name="notice">Told when it is stretched.</param>
    public static Picture Fit(Picture picture, string field, PixelSize size, Action<string, string>? notice)
    {
        if (!picture.Size.HasShapeOf(size) && OfShape(picture.Size, size, RoundedTo) != size)
        {
            notice?.Invoke(field, $"is stretched from {picture.Size} to {size}; give a size of its shape to keep it.");
        }

        return picture.Over(Rgb.White).Resize(size, ResizeFilter.Lanczos);
    }

    /// <summary>A mask picture's white part.</summary>
    /// <param name="shape">The size that it was drawn on, or another of that shape.</param>
    /// <param name="black">What to say of a mask without any white.</param>
    /// <exception cref="InvalidRequestException">It has another shape, or no white.</exception>
    public static RegionMask ReadMask(Reference reference, string field, PixelSize shape, PixelSize size, string black)
    {
        var picture = reference.Read(field);
        RegionMask.CheckShape(picture, shape, field);
        var mask = RegionMask.Of(picture, size);
        return mask.Bounds() is null ? throw new InvalidRequestException(field, black) : mask;
    }
}
