using Dramatis.Pictures;

namespace Dramatis.Training.Preparation.Onnx;

/// <summary>One of several maps of numbers, above a threshold where a subject is.</summary>
/// <param name="Values">All maps, one after another.</param>
/// <param name="Index">Which of them.</param>
internal sealed record MaskLogits(float[] Values, PixelSize Size, int Index)
{
    /// <summary>The mask of a picture, bilinear between the map's numbers.</summary>
    /// <param name="width">Columns of the map that stand for the picture, from the left, not necessarily whole ones.</param>
    /// <param name="height">Rows that do, from the top.</param>
    public SubjectMask At(PixelSize picture, double width, double height, double threshold)
    {
        var pixels = new bool[picture.Width * picture.Height];
        for (var y = 0; y < picture.Height; y++)
        {
            var (top, down) = Between(((y + .5) * height / picture.Height) - .5, Size.Height);
            for (var x = 0; x < picture.Width; x++)
            {
                var (left, across) = Between(((x + .5) * width / picture.Width) - .5, Size.Width);
                var above = Mix(Value(left, top), Value(left + 1, top), across);
                var below = Mix(Value(left, top + 1), Value(left + 1, top + 1), across);
                pixels[(y * picture.Width) + x] = Mix(above, below, down) > threshold;
            }
        }

        return new(picture, pixels);
    }

    private static (int First, double Share) Between(double at, int length)
    {
        var inside = Math.Clamp(at, 0, length - 1);
        var first = (int)inside;
        return (first, inside - first);
    }

    // A share of nothing leaves out what may be no number.
    private static double Mix(double a, double b, double share) => share == 0 ? a : a + (share * (b - a));

    private double Value(int x, int y) =>
        Values[(((Index * Size.Height) + Math.Min(y, Size.Height - 1)) * Size.Width) + Math.Min(x, Size.Width - 1)];
}
