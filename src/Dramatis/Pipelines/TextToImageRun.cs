using Dramatis.Requests;

namespace Dramatis.Pipelines;

/// <summary>A run of <see cref="TextToImage"/>: one row for each text.</summary>
internal sealed record TextToImageRun : LatentRun
{
    public required IReadOnlyList<string> Prompts { get; init; }

    /// <summary>What a second text encoder reads instead of <see cref="Prompts"/>; null for the same.</summary>
    public IReadOnlyList<string>? SecondPrompts { get; init; }

    /// <summary>As many as prompts; null is none. Not read without guidance.</summary>
    public required IReadOnlyList<string?> NegativePrompts { get; init; }

    /// <summary>As <see cref="SecondPrompts"/>.</summary>
    public IReadOnlyList<string?>? SecondNegativePrompts { get; init; }

    /// <summary>Prompts, not negative ones, do without the last layer of the text encoder, as in the reference; for models with one encoder.</summary>
    public bool SkipsLastTextLayer { get; init; }

    /// <summary>How all texts are read.</summary>
    public PromptReading Reading { get; init; }

    /// <summary>Without guidance there are no negative rows.</summary>
    public bool IsGuided => Guidance > 1;

    /// <summary>The run of a job, before anything acts on it besides text.</summary>
    public static TextToImageRun Of(PaintingJob job) => new()
    {
        Prompts = [job.Prompt.Written],
        NegativePrompts = [job.NegativePrompt],
        Reading = job.Request.Reading,
        Frames = job.Request.Frame is { } frame ? [.. Enumerable.Repeat(frame, job.IsGuided ? 2 : 1)] : null,
        Size = job.Size,
        Steps = job.Steps,
        Sampler = job.Sampler,
        Scheduler = job.Scheduler,
        Guidance = job.Guidance,
        GuidanceRescale = job.GuidanceRescale,
        GuidanceWindow = job.Request.GuidanceWindow,
    };
}
