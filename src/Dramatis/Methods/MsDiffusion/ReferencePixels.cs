using Dramatis.Pictures;
using Dramatis.Requests;

namespace Dramatis.Methods.MsDiffusion;

/// <summary>Makes references ready for the vision encoder.</summary>
internal static class ReferencePixels
{
    // What shines through where a cut-out has nothing; training shows grounds from middle grey to white.
    private static readonly Rgb Ground = Rgb.Gray(208);

    /// <summary>A reference with alpha cropped to what is visible, any other as it is.</summary>
    public static Picture CropToSubject(Picture reference) =>
        reference.HasAlpha && reference.AlphaBounds(threshold: 8) is { } bounds ? reference.Crop(bounds) : reference;

    /// <summary>Stretched to a square: the grid of its tokens is the grid of its place.</summary>
    /// <returns>RGB bytes, row by row.</returns>
    public static byte[] Stretch(Picture subject, int side) => subject.Over(Ground).Resize(new(side, side)).ToRgb();

    /// <summary>As CLIP's own preparation: the shorter side to the size, then the middle.</summary>
    public static byte[] CentreCrop(Picture reference, int side)
    {
        var shorter = Math.Min(reference.Width, reference.Height);
        var size = new PixelSize(reference.Width * side / shorter, reference.Height * side / shorter);
        var (left, top) = ((size.Width - side) / 2, (size.Height - side) / 2);
        return reference.Over(Ground).Resize(size).Crop(new(left, top, left + side, top + side)).ToRgb();
    }
}
