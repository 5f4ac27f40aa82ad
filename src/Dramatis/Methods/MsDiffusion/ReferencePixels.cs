using Dramatis.Pictures;

namespace Dramatis.Methods.MsDiffusion;

/// <summary>Makes references ready for the vision encoder.</summary>
internal static class ReferencePixels
{
    /// <summary>What shines through where a cut-out has nothing; training shows grounds from middle grey to white.</summary>
    public static readonly Rgb Ground = Rgb.Gray(208);

    // The published scripts go by way of this size.
    private static readonly PixelSize Between = new(512, 512);

    /// <summary>Stretched to a square: the grid of its tokens is the grid of its place.</summary>
    /// <returns>RGB bytes, row by row.</returns>
    public static byte[] Stretch(Picture subject, int side) => subject.Over(Ground).Resize(new(side, side)).ToRgb();

    /// <summary>What is visible of a subject that is stretched so, a byte a pixel, row by row.</summary>
    public static byte[] Visible(Picture subject, int side)
    {
        var stretched = subject.Resize(new(side, side)).Rgba;
        return [.. Enumerable.Range(0, side * side).Select(i => stretched[(4 * i) + 3])];
    }

    /// <summary>Without its ground: only what is visible, on the black that training puts behind masked subjects.</summary>
    public static byte[] CutOut(Picture reference, int side) => Squeeze(reference.CropToVisible().Over(Rgb.Black), side);

    /// <summary>As the published scripts do it: alpha thrown away, the shape too.</summary>
    public static byte[] Squeeze(Picture reference, int side) =>
        reference.WithoutAlpha().Resize(Between).Resize(new(side, side)).ToRgb();
}
