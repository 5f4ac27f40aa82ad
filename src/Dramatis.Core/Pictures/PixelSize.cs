namespace Dramatis.Pictures;

/// <summary>Width and height of a picture in pixels.</summary>
public readonly record struct PixelSize(int Width, int Height)
{
    // In whole pixels, what differs by less is the same shape.
    private const double ShapeTolerance = .02;

    /// <summary>Whether width over height is that of another size, up to rounding.</summary>
    public bool HasShapeOf(PixelSize other) => Math.Abs(((double)Width * other.Height / Height / other.Width) - 1) <= ShapeTolerance;

    /// <summary><c>640x480</c>.</summary>
    public override string ToString() => $"{Width}x{Height}";
}
