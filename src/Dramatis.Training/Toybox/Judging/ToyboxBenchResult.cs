using Dramatis.Pictures;

namespace Dramatis.Toybox.Judging;

/// <summary>What the bench found, with all pictures.</summary>
internal sealed record ToyboxBenchResult
{
    public required ulong Seed { get; init; }

    /// <summary>The painter's pictures.</summary>
    internal required JudgedSet Painted { get; init; }

    /// <summary>The subjects' own cut-outs on the ordered ground: what the judge itself gets wrong.</summary>
    internal required JudgedSet Composed { get; init; }

    /// <summary>What the VAE makes of the composed pictures: what a painter with this VAE can reach. Null when none was given.</summary>
    internal JudgedSet? Rebuilt { get; init; }

    /// <summary>How well the rebuilt pictures came back; null when none were.</summary>
    internal RebuiltFigures? Autoencoder { get; init; }

    /// <summary>Peak signal-to-noise ratio of two pictures of one size in decibels; alpha does not count.</summary>
    public static double Decibels(Picture a, Picture b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Rgba.Length; i++)
        {
            var difference = i % 4 == 3 ? 0 : a.Rgba[i] - b.Rgba[i];
            sum += difference * difference;
        }

        return 10 * Math.Log10(255 * 255 * 3.0 * a.Width * a.Height / Math.Max(sum, 1));
    }
}

/// <summary>Judged pictures of one origin, in the order of the orders.</summary>
internal sealed record JudgedSet(IReadOnlyList<JudgedPicture> Pictures)
{
    public ToyboxFigures Figures { get; } = ToyboxFigures.Of(Pictures);
}
