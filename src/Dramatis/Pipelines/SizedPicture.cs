using Dramatis.Pictures;
using Dramatis.Requests;

namespace Dramatis.Pipelines;

/// <summary>Pictures brought to the size that is painted.</summary>
internal static class SizedPicture
{
    /// <summary>The largest size that is no larger and divides by the factor between latents and pixels.</summary>
    public static PixelSize Paintable(PixelSize size, int factor) => new(size.Width / factor * factor, size.Height / factor * factor);

    /// <summary>The picture over white, resized as the reference does it.</summary>
    /// <param name="notice">Told when it is stretched.</param>
    public static Picture Read(Reference reference, string field, PixelSize size, Action<string, string>? notice)
    {
        var picture = reference.Read(field);
        if (!picture.Size.HasShapeOf(size))
        {
            notice?.Invoke(field, $"is stretched from {picture.Size} to {size}; give a size of its shape to keep it.");
        }

        return picture.Over(Rgb.White).Resize(size, ResizeFilter.Lanczos);
    }
}
