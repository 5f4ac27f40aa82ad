namespace Dramatis.Toybox;

/// <summary>The mean colour of a cut-out: enough to tell that two pictures do not show the same.</summary>
internal readonly record struct MeanColour(double Red, double Green, double Blue)
{
    /// <param name="pixels">Premultiplied RGBA.</param>
    public static MeanColour Of(ReadOnlySpan<byte> pixels)
    {
        Span<double> sums = stackalloc double[4];
        for (var i = 0; i < pixels.Length; i++)
        {
            sums[i % 4] += pixels[i];
        }

        var whole = Math.Max(1, sums[3]) / 255;
        return new(sums[0] / whole, sums[1] / whole, sums[2] / whole);
    }

    /// <summary>Sum of the differences of the three channels, each up to 255.</summary>
    public double Distance(MeanColour other) => Math.Abs(Red - other.Red) + Math.Abs(Green - other.Green) + Math.Abs(Blue - other.Blue);
}
