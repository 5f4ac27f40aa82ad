using Dramatis.Networks.Clip;
using Dramatis.Training.MsDiffusion;
using Dramatis.Weights;

namespace Dramatis.Training.Adapters;

/// <summary>Trains an MS-Diffusion adapter: resampler and image projections, on records of pictures, subjects and places.</summary>
public sealed record MsDiffusionRequest : AdapterRequest
{
    /// <summary>Tokens along one side of a reference, each for its own cell of it; 0 is the published design.</summary>
    public int Locality { get; init; }

    private protected override TrainerOptions TrainerOf() => TrainerOf(_ => 1) with { EmaDecay = 0 };

    private protected override ClipVisionEncoder LoadVision(ModelFolder folder) => folder.LoadImageEncoder();

    private protected override (TrainingStage Stage, int Samples) StageOf(
        AdapterInputs inputs, IProgress<TrainingEvent>? progress, CancellationToken cancellationToken)
    {
        var (model, vision, records) = (inputs.Model, inputs.Vision, inputs.Records);
        var side = Side(model);
        var adapter = From is { } start
            ? MsAdapterStart.From(start, model, vision.Config)
            : MsAdapterStart.New(model, vision.Config, Locality > 0 ? new(Locality, Networks.Resampler.Locality.UsualBeta) : null);
        var penultimate = adapter.Config.PenultimateFeatures;
        var stage = new MsStage(new()
        {
            Records = records,
            Encoders = new(model, vision, penultimate),
            Adapter = adapter,
            Side = side,
            Seed = Seed,
            Cache = CacheOf($"{model.Fingerprint} {model.Folder.Part(ModelNetwork.ImageEncoder).Fingerprint()} {side} {penultimate}"),
            Recompute = Recompute,
            Stored = Stored,
        });
        return (stage, records.Count);
    }
}
