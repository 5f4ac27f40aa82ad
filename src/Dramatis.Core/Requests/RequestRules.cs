using Dramatis.Pictures;
using Dramatis.Schedules;
using static Dramatis.Errors.InvalidRequestException;

namespace Dramatis.Requests;

/// <summary>What a request must keep to, whatever the model. Comparisons with what is no number are false.</summary>
internal static class RequestRules
{
    /// <summary>Longer prompts are surely a mistake; encoders read 77 tokens.</summary>
    public const int LongestPrompt = 10_000;

    public const int SmallestSide = 64;
    public const int LargestSide = 4096;
    public const int MostSteps = 1000;
    public const int MostPictures = 64;
    public const int MostSubjects = 16;
    public const int MostControls = 8;
    public const int MostLoras = 16;
    public const double LargestGuidance = 100;
    public const double LargestStrength = 4;

    private const string ResidualMethod = "cones2";
    private const string Fractions = "fractions of the steps";

    internal static void Check(GenerationRequest request)
    {
        CheckText("prompt", request.Prompt);
        CheckText("negative_prompt", request.NegativePrompt);
        ThrowUnless(!string.IsNullOrWhiteSpace(request.Prompt), "prompt", "is empty; say what the picture shows.");
        CheckNumbers(request);
        CheckAll("subjects", request.Subjects, MostSubjects, Check);
        CheckAll("controls", request.Controls, MostControls, Check);
        CheckAll("loras", request.Loras, MostLoras, Check);
        CheckLayout(request.Layout);
        PromptText.Parse(request);
        if (request.PromptWeights)
        {
            WeightedText.Parse(request.NegativePrompt, "negative_prompt");
        }
    }

    /// <summary>Checks what a model may choose, and what goes with it.</summary>
    internal static void CheckNumbers(GenerationRequest request)
    {
        CheckSize("size", request.Size);
        ThrowUnless(request.Steps is null or (>= 1 and <= MostSteps), "steps", $"{request.Steps} is not between 1 and {MostSteps}.");
        ThrowUnless(request.Guidance is null or (>= 0 and <= LargestGuidance), "guidance", $"{request.Guidance} is not between 0 and {LargestGuidance}.");
        ThrowUnless(request.GuidanceRescale is null or (>= 0 and <= 1), "guidance_rescale", $"{request.GuidanceRescale} is not between 0 and 1.");
        CheckWindow("guidance_window", request.GuidanceWindow);
        ThrowUnless(request.Count is >= 1 and <= MostPictures, "count", $"{request.Count} is not between 1 and {MostPictures}.");
        if (request.Sampler is { } sampler)
        {
            SamplerKinds.Parse(sampler);
        }

        if (request.Schedule is { } schedule)
        {
            ScheduleNames.Check(schedule);
        }

        if (request.Frame is { } frame)
        {
            CheckSize("frame.original", frame.Original);
            CheckSize("frame.target", frame.Target);
            ThrowUnless(
                frame.Crop is { Left: >= 0 and <= LargestSide, Top: >= 0 and <= LargestSide },
                "frame.crop", $"[{frame.Crop.Left}, {frame.Crop.Top}] is not between 0 and {LargestSide} pixels.");
        }

        CheckStart(request);
    }

    private static void CheckStart(GenerationRequest request)
    {
        ThrowUnless(request.Mask is null || request.Image is not null, "mask", "stands alone; give the \"image\" that it masks.");
        ThrowUnless(request.Denoise is null || request.Image is not null, "denoise", "stands alone; give the \"image\" to begin with.");
        ThrowUnless(request.Denoise is null or (> 0 and <= 1), "denoise", $"{request.Denoise} is not above 0 and at most 1.");
        ThrowUnless(
            request is not { Denoise: { } share, Steps: { } steps } || (int)(steps * share) > 0,
            "denoise", $"{request.Denoise} of {request.Steps} steps leaves none; raise one of the two.");
    }

    private static void Check(Subject subject, string field)
    {
        CheckText($"{field}.phrase", subject.Phrase);
        ThrowUnless(!string.IsNullOrWhiteSpace(subject.Phrase), $"{field}.phrase", "is empty; give the words of the prompt that mean the subject.");
        ThrowUnless(
            subject.References.Count > 0 || subject.Residual is not null || subject.Lora is not null || subject.Embedding is not null,
            $"{field}.references", "is empty; give at least one picture of the subject, or the file that was learned from some.");
        ThrowUnless(
            subject.Residual is null || subject.Method is null or ResidualMethod,
            $"{field}.method", $"is \"{subject.Method}\", but a \"residual\" is for {ResidualMethod} alone; leave out one of the two.");
        ThrowUnless(
            subject.Residual is null || subject.References.Count == 0,
            $"{field}.residual", "stands beside references, but a subject is kept by one or the other; leave out one of the two.");
        ThrowUnless(
            subject.ReferenceMasks.Count == 0 || subject.ReferenceMasks.Count == subject.References.Count,
            $"{field}.reference_masks", $"are {subject.ReferenceMasks.Count} for {subject.References.Count} references; give one for each.");
        ThrowUnless(
            subject.Strength is >= 0 and <= LargestStrength,
            $"{field}.strength", $"{subject.Strength} is not between 0 and {LargestStrength}.");
        CheckWindow(field, subject.Start, subject.End);
        ThrowUnless(
            !subject.IsInWeights || subject.Method is not null || subject is { Start: 0, End: 1 },
            $"{field}.start", "and end are for pictures and residuals: weights and words act in all steps. Leave them out.");
        ThrowUnless(subject.Place is null || subject.PlaceMask is null, $"{field}.place", "is both a box and a mask; give one of them.");
        if (subject.Place is { } place)
        {
            CheckPlace(place, $"{field}.place");
        }
    }

    private static void Check(Control control, string field)
    {
        ThrowUnless(!string.IsNullOrWhiteSpace(control.Model), $"{field}.model", "is empty; give the folder or file of a ControlNet.");
        ThrowUnless(control.Scale is >= 0 and <= LargestStrength, $"{field}.scale", $"{control.Scale} is not between 0 and {LargestStrength}.");
        CheckWindow(field, control.Start, control.End);
    }

    private static void Check(Lora lora, string field)
    {
        ThrowUnless(!string.IsNullOrWhiteSpace(lora.File), $"{field}.file", "is empty; name a file of weights.");
        ThrowUnless(
            lora.Scale is >= -LargestStrength and <= LargestStrength,
            $"{field}.scale", $"{lora.Scale} is not between {-LargestStrength} and {LargestStrength}.");
    }

    private static void CheckLayout(LayoutOptions layout)
    {
        ThrowUnless(layout.Threshold is >= 0 and <= 1, "layout.threshold", $"{layout.Threshold} is not between 0 and 1.");
        ThrowUnless(layout.StartStep is >= 1 and <= MostSteps, "layout.start_step", $"{layout.StartStep} is not between 1 and {MostSteps}.");
        ThrowUnless(
            layout.Binding is >= 0 and <= LayoutOptions.LargestBinding,
            "layout.binding", $"{layout.Binding} is not between 0 and {LayoutOptions.LargestBinding}.");
    }

    private static void CheckAll<T>(string field, IReadOnlyList<T> items, int most, Action<T, string> check)
    {
        ThrowUnless(items.Count <= most, field, $"{items.Count} are more than {most}.");
        foreach (var (index, item) in items.Index())
        {
            check(item, $"{field}[{index}]");
        }
    }

    private static void CheckPlace(Box place, string field)
    {
        ThrowUnless(
            place is { Left: >= 0, Top: >= 0, Right: <= 1, Bottom: <= 1 },
            field, $"{Text(place)} is not inside the picture; left, top, right and bottom are fractions between 0 and 1.");
        ThrowUnless(
            place.Left < place.Right && place.Top < place.Bottom,
            field, $"{Text(place)} is empty; right must be more than left and bottom more than top.");
    }

    private static void CheckWindow(string field, double start, double end)
    {
        ThrowUnless(start is >= 0 and <= 1, $"{field}.start", $"{start} is not between 0 and 1, {Fractions}.");
        ThrowUnless(end >= start && end <= 1, $"{field}.end", $"{end} is not between start ({start}) and 1, {Fractions}.");
    }

    private static void CheckWindow(string field, StepWindow window) => ThrowUnless(
        window is { Start: >= 0, End: <= 1 } && window.Start <= window.End,
        field, $"[{window.Start}, {window.End}] is not a start and an end between 0 and 1, {Fractions}.");

    private static void CheckSize(string field, PixelSize? size) => ThrowUnless(
        size is null or { Width: >= SmallestSide and <= LargestSide, Height: >= SmallestSide and <= LargestSide },
        field, $"{size} is not between {SmallestSide} and {LargestSide} pixels a side.");

    private static void CheckText(string field, string text) => ThrowUnless(
        text.Length <= LongestPrompt, field, $"has {text.Length:N0} characters, more than {LongestPrompt:N0}; shorten it.");

    private static string Text(Box box) => $"[{box.Left}, {box.Top}, {box.Right}, {box.Bottom}]";
}
