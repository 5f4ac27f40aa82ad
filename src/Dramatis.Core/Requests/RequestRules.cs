using Dramatis.Schedules;
using static Dramatis.Errors.InvalidRequestException;

namespace Dramatis.Requests;

/// <summary>What a request must keep to, whatever the model, beyond what each of its fields must by itself.</summary>
internal static class RequestRules
{
    /// <summary>Longer prompts are surely a mistake; encoders read 77 tokens.</summary>
    public const int LongestPrompt = 10_000;

    public const int SmallestSide = 64;
    public const int LargestSide = 4096;
    public const int MostSteps = 1000;
    public const double LargestStrength = 4;
    public const int UsualFeather = 4;

    private const string Fractions = "fractions of the steps";

    internal static void Check(GenerationRequest request)
    {
        FieldRules.CheckAll(request);
        CheckWindow("guidance_window", request.GuidanceWindow);
        CheckNames(request);
        CheckStart(request);
        CheckAll("subjects", request.Subjects, Check);
        CheckAll("controls", request.Controls, (control, field) => CheckWindow(field, control.Start, control.End));
        PromptText.Parse(request);
        if (request.PromptWeights)
        {
            WeightedText.Parse(request.NegativePrompt, "negative_prompt");
        }
    }

    /// <summary>Checks what a model has chosen, and what the request says goes with it.</summary>
    internal static void CheckChoices(GenerationRequest request)
    {
        FieldRules.Check(request);
        CheckStart(request);
    }

    private static void CheckNames(GenerationRequest request)
    {
        if (request.Sampler is { } sampler)
        {
            SamplerKinds.Parse(sampler);
        }

        if (request.Schedule is { } schedule)
        {
            ScheduleNames.Check(schedule);
        }

        if (request.Prediction is { } prediction)
        {
            PredictionNames.Parse(prediction);
        }
    }

    private static void CheckStart(GenerationRequest request)
    {
        ThrowUnless(request.Mask is null || request.Image is not null, "mask", "stands alone; give the \"image\" that it masks.");
        ThrowUnless(request.Denoise is null || request.Image is not null, "denoise", "stands alone; give the \"image\" to begin with.");
        ThrowUnless(request.Denoise is null or (> 0 and <= 1), "denoise", $"{request.Denoise} is not above 0 and at most 1.");
        ThrowUnless(
            request.Mask is not null || request.MaskFeather == UsualFeather, "mask_feather", "stands alone; give the \"mask\" whose edge it is of.");
    }

    private static void Check(Subject subject, string field)
    {
        ThrowUnless(
            subject.ReferenceMasks.Count == 0 || subject.ReferenceMasks.Count == subject.References.Count,
            $"{field}.reference_masks", $"are {subject.ReferenceMasks.Count} for {subject.References.Count} references; give one for each.");
        CheckWindow(field, subject.Start ?? 0, subject.End);
        ThrowUnless(subject.Place is null || subject.PlaceMask is null, $"{field}.place", "is both a box and a mask; give one of them.");
        if (subject.Place is { } place)
        {
            CheckPlace(place, $"{field}.place");
        }
    }

    private static void CheckAll<T>(string field, IReadOnlyList<T> items, Action<T, string> check)
    {
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

    private static string Text(Box box) => $"[{box.Left}, {box.Top}, {box.Right}, {box.Bottom}]";
}
