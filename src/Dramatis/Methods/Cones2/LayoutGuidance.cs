namespace Dramatis.Methods.Cones2;

/// <summary>How strongly words are drawn to their places.</summary>
internal sealed record LayoutGuidance
{
    /// <summary>So many of the first steps are guided, each of them twice; null is all.</summary>
    public int? Steps { get; init; }

    /// <summary>Factor on all that is added to attention.</summary>
    public double Weight { get; init; } = .08;

    /// <summary>What a word's attention gains inside its place.</summary>
    public double Inside { get; init; } = 2.5;

    /// <summary>What it gains elsewhere; so little that nothing is left of it.</summary>
    public double Outside { get; init; } = -1e8;
}
