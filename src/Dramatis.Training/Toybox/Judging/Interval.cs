namespace Dramatis.Toybox.Judging;

/// <summary>A measured value with its 95 % interval.</summary>
internal readonly record struct Interval(double Value, double Low, double High)
{
    private const double Z = 1.959963984540054;    // 97.5 % of a normal distribution lie below

    /// <summary>A rate with the interval of Wilson (1927), which stays inside 0 and 1.</summary>
    public static Interval OfRate(int successes, int count)
    {
        var p = (double)successes / count;
        var z2 = Z * Z;
        var centre = (p + (z2 / (2 * count))) / (1 + (z2 / count));
        var half = Z / (1 + (z2 / count)) * Math.Sqrt((p * (1 - p) / count) + (z2 / (4.0 * count * count)));
        return new(p, Math.Max(0, Math.Min(p, centre - half)), Math.Min(1, Math.Max(p, centre + half)));
    }

    /// <summary>A mean with the interval of the normal distribution.</summary>
    public static Interval OfMean(IReadOnlyList<double> values)
    {
        var mean = values.Average();
        var variance = values.Sum(value => (value - mean) * (value - mean)) / Math.Max(1, values.Count - 1);
        var half = Z * Math.Sqrt(variance / values.Count);
        return new(mean, mean - half, mean + half);
    }
}
