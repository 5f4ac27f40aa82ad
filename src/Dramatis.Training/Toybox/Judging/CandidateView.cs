using System.Numerics;

namespace Dramatis.Toybox.Judging;

/// <summary>One way a subject can look, cropped to its alpha and brought to a small square.</summary>
/// <remarks>
/// a is the alpha, p the colour times alpha, c the crop, n the pixels of a plane. What depends on the view alone is added up once, so a
/// comparison reads each pixel once.
/// </remarks>
internal sealed class CandidateView
{
    private readonly float[] alpha;      // (n)
    private readonly float[] colours;    // (3, n), times alpha
    private readonly double alphaSum;
    private readonly double groundSum;             // Σ (1 - a)
    private readonly double groundSquares;         // Σ (1 - a)²
    private readonly double colourSum;             // Σ p over all channels
    private readonly double colourSquares;         // Σ p² over all channels
    private readonly double[] colourOnGround;      // Σ p (1 - a) of each channel

    /// <param name="planes">Red, green and blue times alpha, then alpha: (4, side, side), 0 to 1.</param>
    public CandidateView(float[] planes)
    {
        var n = planes.Length / 4;
        alpha = planes[(3 * n)..];
        colours = planes[..(3 * n)];
        alphaSum = alpha.Sum(a => (double)a);
        groundSum = n - alphaSum;
        groundSquares = alpha.Sum(a => (1.0 - a) * (1 - a));
        colourSum = colours.Sum(p => (double)p);
        colourSquares = colours.Sum(p => (double)p * p);
        colourOnGround = [.. Enumerable.Range(0, 3).Select(c => Enumerable.Range(0, n).Sum(i => colours[(c * n) + i] * (1.0 - alpha[i])))];
    }

    /// <summary>Mean absolute colour difference inside the alpha, minus half the correlation; less is more alike.</summary>
    public double DistanceTo(PictureCrop crop)
    {
        Span<double> ground = stackalloc double[3];    // Σ c (1 - a) of each channel
        var (difference, product) = Compare(crop, ground);
        return (difference / (3 * alphaSum)) - (.5 * Correlation(crop, product, ground));
    }

    /// <summary>Mean absolute colour difference inside the alpha, 0 to 1.</summary>
    public double ColourErrorTo(PictureCrop crop)
    {
        Span<double> ground = stackalloc double[3];
        return Compare(crop, ground).Difference / (3 * alphaSum);
    }

    // The view is laid over the crop's own mean colour outside the alpha: v = p + (1 - a) g.
    private double Correlation(PictureCrop crop, double product, ReadOnlySpan<double> ground)
    {
        var (sum, squares, mixed) = (colourSum, colourSquares, product);
        for (var c = 0; c < 3; c++)
        {
            var g = groundSum > 1e-6 ? ground[c] / groundSum : 0;
            sum += g * groundSum;
            squares += (2 * g * colourOnGround[c]) + (g * g * groundSquares);
            mixed += g * ground[c];
        }

        var count = 3.0 * alpha.Length;
        var cropSum = crop.Sums.Sum();
        var spread = (squares - (sum * sum / count)) * (crop.SumOfSquares - (cropSum * cropSum / count));
        return spread > 1e-9 ? (mixed - (sum * cropSum / count)) / Math.Sqrt(spread) : 0;
    }

    // Σ |a c - p| and Σ p c over all channels.
    private (double Difference, double Product) Compare(PictureCrop crop, Span<double> ground)
    {
        var n = alpha.Length;
        var (difference, product) = (0.0, 0.0);
        for (var c = 0; c < 3; c++)
        {
            var p = colours.AsSpan(c * n, n);
            var x = crop.Colours.AsSpan(c * n, n);
            var (differences, products, covered) = (Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero);
            for (var i = 0; i < n; i += Vector<float>.Count)    // sides are multiples of 8
            {
                var (pixel, view) = (new Vector<float>(x[i..]), new Vector<float>(p[i..]));
                var inside = new Vector<float>(alpha.AsSpan(i)) * pixel;
                differences += Vector.Abs(inside - view);
                products += view * pixel;
                covered += inside;
            }

            difference += Vector.Sum(differences);
            product += Vector.Sum(products);
            ground[c] = crop.Sums[c] - Vector.Sum(covered);
        }

        return (difference, product);
    }
}
