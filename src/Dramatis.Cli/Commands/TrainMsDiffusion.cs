using System.CommandLine;
using Dramatis.Methods.MsDiffusion;
using Dramatis.Networks.Clip;
using Dramatis.Networks.Resampler;
using Dramatis.Training.MsDiffusion;
using Dramatis.Training.Records;
using Dramatis.Weights;

namespace Dramatis.Cli.Commands;

/// <summary><c>dramatis train ms-diffusion</c>.</summary>
internal sealed class TrainMsDiffusion
{
    private readonly TrainOptions options = new(
        usualPictures: 100_000, usualBatch: 8, usualRate: 1e-4, $"Folder with {RecordSet.FileName} and the pictures that it names.");

    private readonly TrainAdapterOptions shared;
    private readonly Option<string?> from = TrainOptions.From("adapters/ms-diffusion");
    private readonly Option<int> locality = new("--locality") { Description = "Tokens along one side of a reference, each for its own cell of it; 0 is the published design." };

    public TrainMsDiffusion() => shared = new(options);

    public Command Create()
    {
        var command = new Command(
            "ms-diffusion",
            """
            Trains an MS-Diffusion adapter for a model: resampler and image projections, on records of pictures, subjects and places.

            Example: dramatis train ms-diffusion --data ~/records --model models/toybox -o ~/runs/ms
            """)
        {
            from, locality,
        };
        shared.AddTo(command);
        command.SetAction((parsed, cancellationToken) =>
        {
            Run(parsed, cancellationToken);
            return Task.FromResult(0);
        });
        return command;
    }

    private void Run(ParseResult parsed, CancellationToken cancellationToken)
    {
        var trainer = options.ForTrainer(parsed, _ => 1) with { EmaDecay = 0 };
        var records = shared.Records(parsed);
        using var loaded = shared.Load(parsed);
        using var vision = loaded.Folder.LoadImageEncoder();
        var side = shared.Side(parsed, loaded);
        var adapter = Adapter(parsed, loaded, vision.Config);
        var penultimate = adapter.Config.PenultimateFeatures;
        using var stage = new MsStage(new()
        {
            Records = records,
            Encoders = new(loaded, vision, penultimate),
            Adapter = adapter,
            Side = side,
            Seed = options.Seed(parsed),
            Cache = shared.Cache(parsed, $"{loaded.Fingerprint} {loaded.Folder.Part(ModelNetwork.ImageEncoder).Fingerprint()} {side} {penultimate}"),
            Recompute = shared.Recompute(parsed),
            Stored = shared.Stored(parsed),
        });
        shared.Run(parsed, stage, trainer, loaded, vision, records.Count, cancellationToken);
    }

    private MsDiffusionAdapter Adapter(ParseResult parsed, BaseModel loaded, ClipVisionConfig vision) => parsed.GetValue(from) is { } start
        ? MsAdapterStart.From(start, loaded, vision)
        : MsAdapterStart.New(loaded, vision, parsed.GetValue(locality) is var grid and > 0 ? new Locality(grid, Locality.UsualBeta) : null);
}
