namespace Dramatis.Requests;

/// <summary>How a picture's cells learn which subject they show (localization of cross-attention).</summary>
public enum LayoutMode
{
    /// <summary>From the places; subjects without one get one from a first, short pass by their words.</summary>
    Boxes,

    /// <summary>From the places at first, then from what the cells read of the subjects' words; without a place, from all cells at first.</summary>
    Auto,

    /// <summary>Every cell shows every subject: no layout at all.</summary>
    Whole,
}

/// <summary>What a request says of the layout of its subjects, for methods that have places.</summary>
public sealed record LayoutOptions
{
    /// <summary>The largest <see cref="Binding"/>.</summary>
    public const double LargestBinding = 10;

    /// <summary>What holds where a request says nothing: boxes, no binding.</summary>
    public static LayoutOptions Usual { get; } = new();

    /// <summary>What tells the cells of feature maps which subject they show.</summary>
    [Field("How subjects find their cells.", Flag = "--layout", Group = FieldGroup.Subjects)]
    public LayoutMode Mode { get; init; }

    /// <summary><see cref="LayoutMode.Auto"/>: how much of the strongest reading a cell needs.</summary>
    [Field(Least = 0, Most = 1)]
    public double Threshold { get; init; } = .5;

    /// <summary><see cref="LayoutMode.Auto"/>: the first step, counted from 1, that follows the words.</summary>
    [Field(Least = 1, Most = RequestRules.MostSteps)]
    public int StartStep { get; init; } = 5;

    /// <summary>Whether the tokens of a reference know what it is called and where it shall stand.</summary>
    public bool Grounding { get; init; } = true;

    /// <summary>A guidance file of Cones 2: residuals, and places of words as colours of a picture; null for none.</summary>
    [Field(
        "A guidance file of Cones 2: residuals, and places of words as colours of a picture.",
        Flag = "--layout-file", Path = FieldPath.Listing, Group = FieldGroup.Subjects)]
    public string? File { get; init; }

    /// <summary>How strongly the words of a subject are held inside its place; 0 is not at all.</summary>
    [Field("How strongly words are held inside the places of their subjects; 0 is not at all.", Least = 0, Most = LargestBinding, Group = FieldGroup.Subjects)]
    public double Binding { get; init; }

    /// <summary>Exactly as the method's authors do it, quirks and all.</summary>
    public bool Compat { get; init; }
}
