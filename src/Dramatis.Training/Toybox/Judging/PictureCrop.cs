using Dramatis.Pictures;
using Dramatis.Requests;

namespace Dramatis.Toybox.Judging;

/// <summary>A place of a picture, brought to a small square by the box filter: what views are compared with.</summary>
/// <remarks>Colours: three planes (3, side, side), 0 to 1.</remarks>
internal sealed class PictureCrop
{
    private PictureCrop(float[] planes, int side)
    {
        Side = side;
        Colours = planes[..(3 * side * side)];
        for (var c = 0; c < 3; c++)
        {
            Sums[c] = Colours.AsSpan(c * side * side, side * side).ToArray().Sum(value => (double)value);
        }

        SumOfSquares = Colours.Sum(value => (double)value * value);
    }

    public int Side { get; }

    public float[] Colours { get; }

    /// <summary>Sum of each plane.</summary>
    public double[] Sums { get; } = new double[3];

    public double SumOfSquares { get; }

    /// <param name="place">Is cut to the picture, and is at least a pixel.</param>
    public static PictureCrop Of(Picture picture, Box place, int side)
    {
        var (left, right) = Inside(place.Left, place.Right, picture.Width);
        var (top, bottom) = Inside(place.Top, place.Bottom, picture.Height);
        return new(AreaAverage.Planes(picture.Rgba, picture.Width, (left, top, right, bottom), side), side);
    }

    private static (double From, double To) Inside(double from, double to, int length)
    {
        var start = Math.Clamp(from * length, 0, length - 1);
        return (start, Math.Clamp(to * length, start + 1, length));
    }
}
