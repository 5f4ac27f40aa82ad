using Dramatis.Conditioning;
using Dramatis.Pictures;
using Dramatis.Requests;
using Dramatis.Schedules;
using static TorchSharp.torch;

namespace Dramatis.Pipelines;

/// <summary>A run of <see cref="TextToImage"/>: one row for each text.</summary>
internal sealed record TextToImageRun
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

    /// <summary>What SDXL is told of sizes, one for each row, negative ones first; null: a picture of the size wanted, whole.</summary>
    public IReadOnlyList<PictureFrame>? Frames { get; init; }

    public required PixelSize Size { get; init; }

    public required int Steps { get; init; }

    public required SamplerKind Sampler { get; init; }

    public required SchedulerConfig Scheduler { get; init; }

    /// <summary>1 or less is none: then there are no negative rows.</summary>
    public required double Guidance { get; init; }

    public double GuidanceRescale { get; init; }

    /// <summary>The steps that are guided; in others the positive rows count alone.</summary>
    public StepWindow GuidanceWindow { get; init; } = StepWindow.All;

    public ConditioningSession Session { get; init; } = ConditioningSession.None;

    /// <summary>The picture to begin with; null begins with noise.</summary>
    public PictureSource? Source { get; init; }

    public IReadOnlyList<ControlRun> Controls { get; init; } = [];

    /// <summary>Told after each step where the latents are; the tensor is borrowed.</summary>
    public Action<StepInfo, Tensor>? OnStep { get; init; }

    /// <summary>Told each guess of the clean latents; the tensor is borrowed.</summary>
    public Action<StepInfo, Tensor>? OnGuess { get; init; }

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

    /// <summary>How many rows the network sees: two for each prompt with guidance, negative ones first.</summary>
    public int RowCount => IsGuided ? 2 * Prompts.Count : Prompts.Count;
}
