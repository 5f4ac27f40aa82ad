namespace Dramatis.Requests;

/// <summary>One thing to keep recognisable: its pictures, the words that name it, where it should stand, how strongly and when it acts.</summary>
public sealed record Subject
{
    /// <summary>The words of the prompt that mean it.</summary>
    [Field(Cure = "give the words of the prompt that mean the subject", Most = RequestRules.LongestPrompt)]
    public required string Phrase { get; init; }

    /// <summary>Pictures of it (image prompts), one or several; none for what was learned.</summary>
    public IReadOnlyList<Reference> References { get; init => field = new ValueList<Reference>(value); } = ValueList<Reference>.Empty;

    /// <summary>None, or one of the same shape for each reference: white where it shows the subject, black where it is cut away.</summary>
    public IReadOnlyList<Reference> ReferenceMasks { get; init => field = new ValueList<Reference>(value); } = ValueList<Reference>.Empty;

    /// <summary>Its bounding box, in fractions of the picture; null leaves the place to the method.</summary>
    [Field(IsHidden = true)]
    public Box? Place { get; init; }

    /// <summary>
    /// Instead of a box a picture of the shape of the one wanted: white where the subject stands. Methods that know boxes only keep to the
    /// one around it.
    /// </summary>
    [Field(IsHidden = true)]
    public Reference? PlaceMask { get; init; }

    [Field(Name = "place")]
    internal SubjectPlace? BoxOrMask
    {
        get => Place is null && PlaceMask is null ? null : new(Place, PlaceMask);
        init => (Place, PlaceMask) = (value?.Box, value?.Mask);
    }

    /// <summary>0 paints as if there were no reference, 1 is as trained.</summary>
    [Field(Least = 0, Most = RequestRules.LargestStrength)]
    public double Strength { get; init; } = 1;

    /// <summary>The fraction of the steps from which the references act; null: as the method usually has it, from the beginning for most.</summary>
    public double? Start { get; init; }

    /// <summary>The fraction of the steps until which they act.</summary>
    public double End { get; init; } = 1;

    /// <summary>How it is kept, for example <c>ms-diffusion</c>; null: as the request says.</summary>
    public string? Method { get; init; }

    /// <summary>For a learned subject its files: a residual (Cones 2), weights (LoRA, Custom Diffusion, Cones) or a word (Textual Inversion).</summary>
    [Field(IsHidden = true)]
    public IReadOnlyList<LearnedFile> Learned { get; init => field = new ValueList<LearnedFile>(value); } = ValueList<LearnedFile>.Empty;

    // Orders may say some of it by its own name and some by earlier ones, in any order.
    [Field(Name = "learned", Most = 8)]
    internal IReadOnlyList<LearnedFile> AlsoLearned
    {
        get => Learned;
        init => Learned = [.. Learned, .. value];
    }

    [Field(Path = FieldPath.File)]
    internal string? Residual
    {
        get => null;
        init => AlsoLearned = [new(value!, LearnedKind.Residual)];
    }

    [Field(Path = FieldPath.File)]
    internal string? Lora
    {
        get => null;
        init => AlsoLearned = [value!];
    }

    [Field(Path = FieldPath.File)]
    internal string? Embedding
    {
        get => null;
        init => AlsoLearned = [new(value!, LearnedKind.Embedding)];
    }

    /// <summary>Whether the request says where it stands.</summary>
    public bool HasPlace => Place is not null || PlaceMask is not null;
}
