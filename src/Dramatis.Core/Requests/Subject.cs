namespace Dramatis.Requests;

/// <summary>One thing to keep recognisable: its pictures, the words that name it, where it should stand, how strongly and when it acts.</summary>
public sealed record Subject
{
    /// <summary>The words of the prompt that mean it.</summary>
    public required string Phrase { get; init; }

    public required IReadOnlyList<Reference> References { get; init; }

    /// <summary>Null leaves the place to the method.</summary>
    public Box? Place { get; init; }

    /// <summary>From 0, which paints as if there were no reference, over 1, as trained, to 4.</summary>
    public double Strength { get; init; } = 1;

    /// <summary>The fraction of the steps from which the references act.</summary>
    public double Start { get; init; }

    /// <summary>The fraction of the steps until which they act.</summary>
    public double End { get; init; } = 1;

    /// <summary>How it is kept, for example <c>ms-diffusion</c>; null: as the request says.</summary>
    public string? Method { get; init; }

    public bool Equals(Subject? other) => other is not null
        && (Phrase, Place, Strength, Start, End, Method) == (other.Phrase, other.Place, other.Strength, other.Start, other.End, other.Method)
        && References.SequenceEqual(other.References);

    public override int GetHashCode() => HashCode.Combine(Phrase, Place, Strength, Start, End, References.Count);
}
