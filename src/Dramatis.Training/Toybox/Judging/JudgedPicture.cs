using Dramatis.Pictures;

namespace Dramatis.Toybox.Judging;

/// <summary>One picture and what the judge says about it.</summary>
/// <param name="RightScene">Whether its ground is of the ordered kind.</param>
/// <param name="Places">One for each subject of the order; for an order by name one, looked for all over the picture.</param>
internal sealed record JudgedPicture(ToyboxOrder Order, Picture Picture, bool RightScene, IReadOnlyList<JudgedPlace> Places)
{
    /// <summary>Strength of edges where subjects should be, against that of the composed picture; null where the painter was told no places.</summary>
    public double? EdgesKept { get; init; }
}

/// <summary>What the judge says about one subject of an order.</summary>
internal sealed record JudgedPlace
{
    /// <summary>The ordered subject, an index in the bank.</summary>
    public required int Subject { get; init; }

    /// <summary>The nearest of the candidates.</summary>
    public required int Nearest { get; init; }

    /// <summary>How many candidates are nearer than the ordered one.</summary>
    public required int Rank { get; init; }

    /// <summary>Distance of the ordered one.</summary>
    public required double Distance { get; init; }

    /// <summary>Mean absolute colour difference to the subject; null for orders by name.</summary>
    public double? Error { get; init; }

    /// <summary>How well the subject stands where it was ordered; null for orders by name.</summary>
    public double? BoxIou { get; init; }

    /// <summary>Whether another subject of the order is nearest.</summary>
    public bool Leak { get; init; }

    /// <summary>Whether the bare ground is nearer to some candidate than what was painted here is.</summary>
    public bool Missing { get; init; }
}
