namespace Dramatis.Verification;

/// <summary>What a check has found in one case.</summary>
public sealed record GoldenResult
{
    /// <summary>The fixture's outputs; all must fit.</summary>
    public IReadOnlyList<GoldenDifference> Outputs { get; init; } = [];

    /// <summary>Tensors on the way (<c>mid.*</c>), in the order of computation; they only help to find a fault.</summary>
    public IReadOnlyList<GoldenDifference> Middle { get; init; } = [];

    /// <summary>Why the case was not run, or null.</summary>
    public string? SkipReason { get; init; }

    /// <summary>Whether all of it is within tolerance.</summary>
    public bool Passed => SkipReason is null && Outputs.Count > 0 && Outputs.All(output => output.Fits);

    /// <summary>The output that comes closest to its tolerance, or is furthest beyond it.</summary>
    public GoldenDifference? Worst => Outputs.MaxBy(output => output.Share);

    /// <summary>The first tensor on the way that differs.</summary>
    public GoldenDifference? FirstWrong => Middle.FirstOrDefault(tensor => !tensor.Fits);

    /// <summary>A case that asks for something we do not do.</summary>
    public static GoldenResult Skip(string reason) => new() { SkipReason = reason };

    /// <summary>A check that counts mistakes instead of measuring a distance.</summary>
    /// <param name="what">What was counted, for example <c>lines</c>.</param>
    /// <param name="mistakes">A description of each; none means passed.</param>
    public static GoldenResult Count(string what, IReadOnlyList<string> mistakes) => new()
    {
        Outputs = [new(what, mistakes.Count, 0, mistakes.Count > 0 ? mistakes[0] : null)],
    };
}
