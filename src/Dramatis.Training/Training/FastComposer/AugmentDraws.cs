using Dramatis.Tensors;

namespace Dramatis.Training.FastComposer;

/// <summary>How one reference is changed, so that the network learns the subject and not its picture. What is null is left out.</summary>
internal sealed record AugmentDraws
{
    private const double MostDegrees = 30;

    /// <summary>How many times as large; of what is tall then only the upper square stays.</summary>
    public double? Zoom { get; init; }

    /// <summary>Degrees.</summary>
    public double? Angle { get; init; }

    public ColourJitter? Jitter { get; init; }

    /// <summary>Pixels.</summary>
    public double? Blur { get; init; }

    public bool Grey { get; init; }

    public bool Mirror { get; init; }

    /// <summary>Numbers in [0, 1), (2, S, S): how far pixels move across, and down.</summary>
    public IReadOnlyList<float>? Elastic { get; init; }

    /// <param name="side">Pixels along one side of the finished reference.</param>
    public static AugmentDraws From(StableRandom random, int side) => new()
    {
        Zoom = random.Chance(.5) ? random.Between(1, 2) : null,
        Angle = random.Chance(.75) ? random.Between(-MostDegrees, MostDegrees) : null,
        Jitter = random.Chance(.5) ? ColourJitter.From(random) : null,
        Blur = random.Chance(.5) ? random.Between(.1, 2) : null,
        Grey = random.Chance(.1),
        Mirror = random.Chance(.5),
        Elastic = random.Chance(.5) ? [.. Enumerable.Range(0, 2 * side * side).Select(_ => (float)random.NextDouble())] : null,
    };
}
