namespace Dramatis.Methods;

/// <summary>What was learned of a subject: its files by what they hold.</summary>
internal sealed record LearnedParts
{
    public static LearnedParts None { get; } = new();

    /// <summary>The file of what Cones 2 adds to the text; null for none.</summary>
    public string? Residual { get; init; }

    /// <summary>The file of the word that stands in the prompt instead of the phrase, or its two files, one for each text encoder; none for none.</summary>
    public IReadOnlyList<string> Word { get; init; } = [];

    /// <summary>The files that change weights of the model.</summary>
    public IReadOnlyList<string> Weights { get; init; } = [];
}
