using Dramatis.Pictures;

namespace Dramatis.Benches.MrBench;

/// <summary>How a picture is drawn, whatever it shows: its colours, how strong its edges are, and how rough it is. Nothing in it is learned.</summary>
internal sealed class ColourStatistics
{
    private const int Side = 128;
    private const int Levels = 4;
    private const int Bins = 8;

    // Differences of brightness of a half of a 255th and above, each bin twice the one before.
    private const double Least = .5;

    private readonly double[] roots;    // of shares, which add up to 1 in each of three parts

    private ColourStatistics(double[] roots) => this.roots = roots;

    public static ColourStatistics Of(Picture picture)
    {
        var rgb = picture.WithoutAlpha().Resize(new(Side, Side), ResizeFilter.Box).ToRgb();
        var (colours, edges, roughness) = (new double[Levels * Levels * Levels], new double[Bins], new double[Bins]);
        for (var y = 1; y < Side - 1; y++)
        {
            for (var x = 1; x < Side - 1; x++)
            {
                var at = ((y * Side) + x) * 3;
                colours[(((rgb[at] * Levels / 256 * Levels) + (rgb[at + 1] * Levels / 256)) * Levels) + (rgb[at + 2] * Levels / 256)]++;
                var (across, down) = (Brightness(x + 1, y) - Brightness(x - 1, y), Brightness(x, y + 1) - Brightness(x, y - 1));
                edges[Bin(Math.Sqrt((across * across) + (down * down)))]++;
                var around = Brightness(x + 1, y) + Brightness(x - 1, y) + Brightness(x, y + 1) + Brightness(x, y - 1);
                roughness[Bin(Math.Abs(around - (4 * Brightness(x, y))))]++;
            }
        }

        const double All = (Side - 2) * (Side - 2);
        return new([.. colours.Concat(edges).Concat(roughness).Select(count => Math.Sqrt(count / All))]);

        double Brightness(int x, int y)
        {
            var at = ((y * Side) + x) * 3;
            return (.299 * rgb[at]) + (.587 * rgb[at + 1]) + (.114 * rgb[at + 2]);
        }
    }

    /// <summary>What several pictures have in common.</summary>
    public static ColourStatistics Mean(IReadOnlyList<ColourStatistics> several) =>
        new([.. several[0].roots.Select((_, i) => Math.Sqrt(several.Average(one => one.roots[i] * one.roots[i])))]);

    /// <summary>The sum of the parts' squared Hellinger distances, 0 to 3.</summary>
    public double DistanceTo(ColourStatistics other) => roots.Zip(other.roots, (a, b) => (a - b) * (a - b)).Sum() / 2;

    private static int Bin(double difference) => Math.Clamp((int)Math.Floor(Math.Log2(Math.Max(difference, Least) / Least)), 0, Bins - 1);
}
