using Dramatis.Errors;
using Dramatis.Schedules;

namespace Dramatis.Requests;

/// <summary>One picture order. Immutable; derive variants with <c>with</c>.</summary>
/// <remarks>What is null is the model's own choice (<see cref="GenerationDefaults"/>).</remarks>
public sealed record GenerationRequest
{
    /// <summary>Longer prompts are surely a mistake; encoders read 77 tokens.</summary>
    public const int LongestPrompt = 10_000;

    public const int SmallestSide = 64;
    public const int LargestSide = 4096;
    public const int SideStep = 8;
    public const int MostSteps = 1000;
    public const int MostPictures = 64;
    public const int MostSubjects = 16;
    public const double LargestGuidance = 100;
    public const double LargestStrength = 4;

    /// <summary>What the picture shows. Braces may mark the words that mean a subject: "a {fox} on a beach".</summary>
    public required string Prompt { get; init; }

    /// <summary>What it should not show.</summary>
    public string NegativePrompt { get; init; } = "";

    /// <summary>Brackets in prompts say how strongly words act: (word:1.2), [word]; see <see cref="WeightedText"/>.</summary>
    public bool PromptWeights { get; init; }

    /// <summary>Prompts of more than 77 tokens are read whole, in chunks, not cut.</summary>
    public bool LongPrompt { get; init; }

    public IReadOnlyList<Subject> Subjects { get; init; } = [];

    /// <summary>How subjects are kept, for example <c>ms-diffusion</c>; null takes what the model's folder offers.</summary>
    public string? Method { get; init; }

    /// <summary>Folder of the model; null is the embedded one.</summary>
    public string? Model { get; init; }

    public PixelSize? Size { get; init; }

    /// <summary>From 1 to 1000.</summary>
    public int? Steps { get; init; }

    /// <summary>Strength of classifier-free guidance; 1 is none.</summary>
    public double? Guidance { get; init; }

    /// <summary>One of <see cref="SamplerKinds.All"/>.</summary>
    public string? Sampler { get; init; }

    /// <summary>The same seed paints the same picture.</summary>
    public ulong Seed { get; init; }

    /// <summary>How many pictures, with seeds counting up.</summary>
    public int Count { get; init; } = 1;

    /// <summary>How prompts are read.</summary>
    public PromptReading Reading => new(PromptWeights, LongPrompt);

    /// <summary>Decode in overlapping tiles, which takes less memory and shifts colours a little; null for large pictures only.</summary>
    public bool? VaeTiling { get; init; }

    /// <summary>How subjects find their cells.</summary>
    public LayoutOptions Layout { get; init; } = LayoutOptions.Usual;

    /// <summary>Checks all that can be checked without the model and the pictures.</summary>
    /// <exception cref="InvalidRequestException">The first problem: field, value and cure.</exception>
    public void Validate()
    {
        CheckText("prompt", Prompt);
        CheckText("negative_prompt", NegativePrompt);
        Check(!string.IsNullOrWhiteSpace(Prompt), "prompt", "is empty; say what the picture shows.");
        CheckSize();
        Check(Steps is null or (>= 1 and <= MostSteps), "steps", $"{Steps} is not between 1 and {MostSteps}.");
        Check(Guidance is null or (>= 0 and <= LargestGuidance), "guidance", $"{Guidance} is not between 0 and {LargestGuidance}.");
        Check(Count is >= 1 and <= MostPictures, "count", $"{Count} is not between 1 and {MostPictures}.");
        Check(Subjects.Count <= MostSubjects, "subjects", $"{Subjects.Count} are more than {MostSubjects}.");
        if (Sampler is not null)
        {
            SamplerKinds.Parse(Sampler);
        }

        foreach (var (index, subject) in Subjects.Index())
        {
            Check(subject, $"subjects[{index}]");
        }

        CheckLayout();
        PromptText.Parse(this);
        if (PromptWeights)
        {
            WeightedText.Parse(NegativePrompt, "negative_prompt");
        }
    }

    public bool Equals(GenerationRequest? other) => other is not null
        && (Prompt, NegativePrompt, Method, Model, Size, Steps) == (other.Prompt, other.NegativePrompt, other.Method, other.Model, other.Size, other.Steps)
        && (Guidance, Sampler, Seed, Count, Reading, VaeTiling, Layout)
            == (other.Guidance, other.Sampler, other.Seed, other.Count, other.Reading, other.VaeTiling, other.Layout)
        && Subjects.SequenceEqual(other.Subjects);

    public override int GetHashCode() => HashCode.Combine(Prompt, NegativePrompt, Method, Model, Size, Steps, Seed, Subjects.Count);

    private static void Check(Subject subject, string field)
    {
        CheckText($"{field}.phrase", subject.Phrase);
        Check(!string.IsNullOrWhiteSpace(subject.Phrase), $"{field}.phrase", "is empty; give the words of the prompt that mean the subject.");
        Check(subject.References.Count > 0, $"{field}.references", "is empty; give at least one picture of the subject.");
        Check(
            subject.Strength is >= 0 and <= LargestStrength,
            $"{field}.strength", $"{subject.Strength} is not between 0 and {LargestStrength}.");
        Check(subject.Start is >= 0 and <= 1, $"{field}.start", $"{subject.Start} is not between 0 and 1, fractions of the steps.");
        Check(
            subject.End is >= 0 and <= 1 && subject.Start <= subject.End,
            $"{field}.end", $"{subject.End} is not between start ({subject.Start}) and 1, fractions of the steps.");
        if (subject.Place is { } place)
        {
            CheckPlace(place, $"{field}.place");
        }
    }

    // Comparisons with NaN are false.
    private static void CheckPlace(Box place, string field)
    {
        Check(
            place is { Left: >= 0, Top: >= 0, Right: <= 1, Bottom: <= 1 },
            field, $"{Text(place)} is not inside the picture; left, top, right and bottom are fractions between 0 and 1.");
        Check(
            place.Left < place.Right && place.Top < place.Bottom,
            field, $"{Text(place)} is empty; right must be more than left and bottom more than top.");
    }

    private void CheckSize()
    {
        if (Size is { } size)
        {
            Check(
                size is { Width: >= SmallestSide and <= LargestSide, Height: >= SmallestSide and <= LargestSide },
                "size", $"{size} is not between {SmallestSide} and {LargestSide} pixels a side.");
            Check(
                size.Width % SideStep == 0 && size.Height % SideStep == 0,
                "size",
                $"{size} is not a multiple of {SideStep} pixels; the nearest is {new PixelSize(Near(size.Width), Near(size.Height))}.");
        }
    }

    private void CheckLayout()
    {
        Check(Layout.Threshold is >= 0 and <= 1, "layout.threshold", $"{Layout.Threshold} is not between 0 and 1.");
        Check(Layout.StartStep is >= 1 and <= MostSteps, "layout.start_step", $"{Layout.StartStep} is not between 1 and {MostSteps}.");
        Check(
            Layout.Binding is >= 0 and <= LayoutOptions.LargestBinding,
            "layout.binding", $"{Layout.Binding} is not between 0 and {LayoutOptions.LargestBinding}.");
    }

    private static int Near(int side) => Math.Clamp((side + (SideStep / 2)) / SideStep * SideStep, SmallestSide, LargestSide);

    private static void CheckText(string field, string text) => Check(
        text.Length <= LongestPrompt, field, $"has {text.Length:N0} characters, more than {LongestPrompt:N0}; shorten it.");

    private static void Check(bool holds, string field, string problem)
    {
        if (!holds)
        {
            throw new InvalidRequestException(field, problem);
        }
    }

    private static FormattableString Text(Box box) => $"[{box.Left}, {box.Top}, {box.Right}, {box.Bottom}]";
}
