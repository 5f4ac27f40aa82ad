namespace Dramatis.Checkpoints.Kinds;

/// <summary>How a kind of checkpoint is known, and what there is to say of one.</summary>
/// <param name="Name">For people.</param>
/// <param name="Needs">Names that must all be there.</param>
internal sealed record KindRule(string Name, params NamePattern[] Needs)
{
    public CheckpointType Type { get; init; }

    /// <summary>The method whose adapter it is, as requests name it.</summary>
    public string? Method { get; init; }

    /// <summary>What must hold besides.</summary>
    public Func<TensorArchive, bool> Also { get; init; } = _ => true;

    /// <summary>A tensor whose last dimension is the width of the text.</summary>
    public NamePattern? Width { get; init; }

    /// <summary>The base models it goes with, where the kind says it.</summary>
    public string? Fits { get; init; }

    /// <summary>What the base models are called when nothing tells the width but there is a name.</summary>
    public (NamePattern Name, string Fits)? Otherwise { get; init; }

    public IReadOnlyList<FactRule> Facts { get; init; } = [];

    /// <summary>All names that such a file may have.</summary>
    public NamePattern Names
    {
        init => IsName = value.Matches;
    }

    /// <summary>Whether such a file may have a name; null when its names are not known here.</summary>
    public Func<string, bool>? IsName { get; init; }

    public bool Covers(TensorArchive archive) => Array.TrueForAll(Needs, need => need.Find(archive) is not null) && Also(archive);

    public CheckpointKind ToKind(TensorArchive archive)
    {
        // Adapters and base models meet in the width of the text.
        var width = Width?.Find(archive) is { Shape: [.., var last] } ? last : (long?)null;
        return new(Name, Type, width, Fits
            ?? (width is { } known ? CheckpointKind.BaseOf(known)
            : Otherwise is { } other && other.Name.Find(archive) is not null ? other.Fits
            : null))
        {
            Method = Method,
        };
    }
}
