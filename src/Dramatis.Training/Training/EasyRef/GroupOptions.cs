namespace Dramatis.Training.EasyRef;

/// <summary>What samples have in common; as published for the third stage where nothing else is said.</summary>
internal sealed record GroupOptions
{
    /// <summary>Of order and draws.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Pixels along one side of a square picture to learn.</summary>
    public int Side { get; init; } = 1024;

    /// <summary>About the pixels a side that references are brought to.</summary>
    public int ReferenceSide { get; init; } = 336;

    /// <summary>Pictures are cut to squares, as in the first two stages; otherwise their shape stays.</summary>
    public bool Square { get; init; }

    /// <summary>References of one sample, at most.</summary>
    public int MostReferences { get; init; } = 28;

    /// <summary>How often only some of the references are shown, 0 to 1.</summary>
    public double Truncate { get; init; } = .4;

    /// <summary>How often the words alone are left out, 0 to .9.</summary>
    public double DropText { get; init; } = .05;

    /// <summary>How often the noisiest level is drawn, 0 to 1, beside all levels alike; the reference has 0.</summary>
    public double Noisiest { get; init; }

    /// <summary>References keep their order.</summary>
    public bool KeepOrder { get; init; }

    /// <summary>A single reference is cut where the picture to learn is, whatever its shape, as in the reference; otherwise in its own middle.</summary>
    public bool CutAlike { get; init; }
}
