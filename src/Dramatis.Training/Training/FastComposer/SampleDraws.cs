using Dramatis.Pictures;
using Dramatis.Tensors;

namespace Dramatis.Training.FastComposer;

/// <summary>What is drawn for one sample.</summary>
internal sealed record SampleDraws
{
    private const uint Draws = 0xFC01;

    /// <summary>The picture's left and right are exchanged.</summary>
    public required bool Mirror { get; init; }

    /// <summary>In [0, 1): what is shown at all.</summary>
    public required double Shown { get; init; }

    /// <summary>In [0, 1), for each subject: whether it stays.</summary>
    public required IReadOnlyList<double> Keeps { get; init; }

    /// <summary>Which subjects stay when there are too many: the first of these numbers that are left.</summary>
    public required IReadOnlyList<int> Order { get; init; }

    /// <summary>What is behind the subjects, for a size.</summary>
    public required Func<PixelSize, Picture> Ground { get; init; }

    /// <summary>How the reference of the first, second … subject of the sample is changed.</summary>
    public required Func<int, AugmentDraws?> Changes { get; init; }

    /// <param name="number">Of the sample, from the start of the training.</param>
    /// <param name="subjects">In the picture.</param>
    public static SampleDraws Of(SampleOptions options, long number, int subjects)
    {
        var random = new StableRandom(options.Seed, number, Draws);
        var (ground, changes) = (random.NextBits(), random.NextBits());
        var order = Enumerable.Range(0, subjects).ToArray();
        random.Shuffle<int>(order);
        return new()
        {
            Mirror = random.Chance(.5),
            Shown = random.NextDouble(),
            Keeps = [.. order.Select(_ => random.NextDouble())],
            Order = order,
            Ground = size => NoiseGround.Make(size, ground),
            Changes = i => options.Augment ? AugmentDraws.From(new(changes, i), options.ReferenceSide) : null,
        };
    }
}
