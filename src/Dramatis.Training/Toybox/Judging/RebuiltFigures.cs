using System.Globalization;
using Dramatis.Pictures;

namespace Dramatis.Toybox.Judging;

/// <summary>How well pictures come back from an autoencoder.</summary>
/// <param name="Decibels">Peak signal-to-noise ratio, the mean of all pictures.</param>
/// <param name="InsideDecibels">The same of the pixels of subjects.</param>
/// <param name="EdgesKept">Strength of edges inside subjects against the original's: below 1 is blur, above are halos.</param>
internal sealed record RebuiltFigures(double Decibels, double InsideDecibels, double EdgesKept)
{
    /// <summary>The means over pictures.</summary>
    /// <param name="pictures">Each with the pixels that show subjects, of which there are some.</param>
    public static RebuiltFigures Of(IEnumerable<(Picture Original, Picture Rebuilt, bool[] Inside)> pictures)
    {
        RebuiltFigures[] all = [.. pictures.Select(item => Of(item.Original, item.Rebuilt, item.Inside))];
        return new(all.Average(one => one.Decibels), all.Average(one => one.InsideDecibels), all.Average(one => one.EdgesKept));
    }

    /// <summary>Strength of edges at some pixels of a picture against that of the original's: 0 where nothing is left, 1 for as much.</summary>
    public static double EdgesKeptIn(Picture original, Picture picture, bool[] inside) => EdgesIn(picture, inside) / Math.Max(EdgesIn(original, inside), 1);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Decibels:0.0} dB, {InsideDecibels:0.0} dB inside subjects, {EdgesKept:.000} of their edges kept");

    private static RebuiltFigures Of(Picture original, Picture rebuilt, bool[] inside)
    {
        var (squares, count) = (0.0, 0L);
        for (var y = 0; y < original.Height; y++)
        {
            for (var x = 0; x < original.Width; x++)
            {
                if (inside[(y * original.Width) + x])
                {
                    count += 3;
                    squares += SquareAt(original, rebuilt, x, y);
                }
            }
        }

        var insideDecibels = 10 * Math.Log10(255 * 255.0 * count / Math.Max(squares, 1));
        return new(ToyboxBenchResult.Decibels(original, rebuilt), insideDecibels, EdgesKeptIn(original, rebuilt, inside));
    }

    private static double EdgesIn(Picture picture, bool[] inside) =>
        inside.Index().Where(pixel => pixel.Item).Sum(pixel => EdgeAt(picture, pixel.Index % picture.Width, pixel.Index / picture.Width));

    private static double SquareAt(Picture a, Picture b, int x, int y)
    {
        var at = ((y * a.Width) + x) * 4;
        var sum = 0.0;
        for (var c = 0; c < 3; c++)
        {
            var difference = a.Rgba[at + c] - b.Rgba[at + c];
            sum += difference * difference;
        }

        return sum;
    }

    // Towards the next pixels to the right and below.
    private static double EdgeAt(Picture picture, int x, int y)
    {
        var at = ((y * picture.Width) + x) * 4;
        var right = x + 1 < picture.Width ? at + 4 : at;
        var below = y + 1 < picture.Height ? at + (picture.Width * 4) : at;
        var sum = 0;
        for (var c = 0; c < 3; c++)
        {
            sum += Math.Abs(picture.Rgba[right + c] - picture.Rgba[at + c]) + Math.Abs(picture.Rgba[below + c] - picture.Rgba[at + c]);
        }

        return sum;
    }
}
