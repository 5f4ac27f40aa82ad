namespace Dramatis.Training.FastComposer;

/// <summary>What samples have in common; as in the published training where nothing else is said.</summary>
internal sealed record SampleOptions
{
    /// <summary>Of order and draws.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Pixels along one side of a picture.</summary>
    public int Side { get; init; } = 512;

    /// <summary>Pixels along one side of a reference.</summary>
    public int ReferenceSide { get; init; } = 224;

    /// <summary>Subjects of one picture, at most.</summary>
    public int MostSubjects { get; init; } = 4;

    /// <summary>How often neither caption nor subjects are shown.</summary>
    public double DropAll { get; init; } = .1;

    /// <summary>How often the caption is shown without subjects.</summary>
    public double DropSubjects { get; init; }

    /// <summary>How often each subject stays.</summary>
    public double Keep { get; init; } = .9;

    /// <summary>Whether references are changed.</summary>
    public bool Augment { get; init; } = true;

    /// <summary>Labels of tall pictures are mixed like colours, as in the reference, where a subject may vanish.</summary>
    public bool BlendLabels { get; init; }
}
