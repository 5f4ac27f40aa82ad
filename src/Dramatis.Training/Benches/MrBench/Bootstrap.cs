using Dramatis.Tensors;
using Dramatis.Toybox.Judging;

namespace Dramatis.Benches.MrBench;

/// <summary>Means with 95 % intervals by drawing the values again and again (Efron, 1979). The same values give the same interval.</summary>
internal static class Bootstrap
{
    private const int Draws = 2000;

    /// <param name="values">One at least.</param>
    public static Interval OfMean(IReadOnlyList<double> values)
    {
        var random = new StableRandom(0, values.Count);
        var means = new double[Draws];
        for (var draw = 0; draw < Draws; draw++)
        {
            means[draw] = Enumerable.Range(0, values.Count).Average(_ => values[random.Below(values.Count)]);
        }

        Array.Sort(means);
        return new(values.Average(), means[(int)(.025 * Draws)], means[(int)(.975 * Draws) - 1]);
    }
}
