using Dramatis.Conditioning;
using Dramatis.Pictures;
using Dramatis.Requests;
using Dramatis.Schedules;
using static TorchSharp.torch;

namespace Dramatis.Pipelines;

/// <summary>A run of <see cref="LatentPainter"/>: all but texts and noise.</summary>
internal record LatentRun
{
    /// <summary>What SDXL is told of sizes, one for each row, negative ones first; null: a picture of the size wanted, whole.</summary>
    public IReadOnlyList<PictureFrame>? Frames { get; init; }

    public required PixelSize Size { get; init; }

    public required int Steps { get; init; }

    public required SamplerKind Sampler { get; init; }

    public required SchedulerConfig Scheduler { get; init; }

    /// <summary>Counts where there are negative rows; 1 is the positive rows alone.</summary>
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
}
