using Dramatis.Pictures;

namespace Dramatis.CutOut;

/// <summary>The outermost pixels of a picture.</summary>
internal static class Border
{
    /// <summary>How far its colours are from their middle, of 255: little for a plain ground, however light.</summary>
    public static double SpreadOf(Picture picture)
    {
        var rgb = picture.ToRgb();
        int[] pixels =
        [
            .. Enumerable.Range(0, picture.Width), .. Enumerable.Range((picture.Height - 1) * picture.Width, picture.Width),
            .. Enumerable.Range(0, picture.Height).SelectMany(row => new[] { row * picture.Width, ((row + 1) * picture.Width) - 1 }),
        ];
        return Enumerable.Range(0, 3).Average(channel =>
        {
            int[] values = [.. pixels.Select(pixel => (int)rgb[(3 * pixel) + channel]).Order()];
            return values.Average(value => Math.Abs(value - values[values.Length / 2]));
        });
    }
}
