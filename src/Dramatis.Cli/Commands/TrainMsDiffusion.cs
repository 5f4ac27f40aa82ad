using System.CommandLine;
using System.Globalization;
using Dramatis.Conditioning;
using Dramatis.Errors;
using Dramatis.Methods.MsDiffusion;
using Dramatis.Networks.Clip;
using Dramatis.Training;
using Dramatis.Training.MsDiffusion;
using Dramatis.Weights;

namespace Dramatis.Cli.Commands;

/// <summary><c>dramatis train ms-diffusion</c>.</summary>
internal sealed class TrainMsDiffusion
{
    // As far apart as the embedded adapter's tokens let attention begin.
    private const double LocalityBeta = 1.5;

    private readonly TrainOptions options = new(
        usualPictures: 100_000, usualBatch: 8, usualRate: 1e-4, $"Folder with {MsRecords.FileName} and the pictures that it names.");

    private readonly Option<string> model = new("--model") { Description = "Model folder, with its image_encoder; it stays as it is.", Required = true };
    private readonly Option<string?> from = TrainOptions.From("adapters/ms-diffusion");
    private readonly Option<int?> size = new("--size") { Description = "Pixels along one side of a picture; the model's own, at most 512, when not given." };
    private readonly Option<int> most = new("--max-subjects") { Description = "Records with more are broken.", DefaultValueFactory = _ => 4 };
    private readonly Option<int> locality = new("--locality") { Description = "Tokens along one side of a reference, each for its own cell of it; 0 is the published design." };
    private readonly Option<bool> skipBad = new("--skip-bad") { Description = "Leave broken records out." };
    private readonly Option<string?> cache = new("--cache") { Description = "Folder that keeps what the encoders make of each record." };
    private readonly Option<bool> recompute = new("--recompute") { Description = "Less memory for a third more time (gradient checkpointing)." };
    private readonly Option<bool> dryRun = new("--dry-run") { Description = "Check the data, do one picture, say what the training needs, and write nothing." };

    public Command Create()
    {
        var command = new Command(
            "ms-diffusion",
            """
            Trains an MS-Diffusion adapter for a model: resampler and image projections, on records of pictures, subjects and places.

            Example: dramatis train ms-diffusion --data ~/records --model models/toybox -o ~/runs/ms
            """)
        {
            model, from, size, most, locality, skipBad, cache, recompute, dryRun,
        };
        options.AddTo(command);
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
        var records = Records(parsed);
        using var loaded = BaseModel.Load(parsed.GetRequiredValue(model));
        using var vision = loaded.Folder.LoadImageEncoder();
        var side = Side(parsed, loaded);
        var adapter = Adapter(parsed, loaded, vision.Config);
        var encoders = new MsEncoders(loaded, vision, adapter.Config.PenultimateFeatures);
        using var stage = new MsStage(new()
        {
            Records = records,
            Encoders = encoders,
            Adapter = adapter,
            Side = side,
            Seed = options.Seed(parsed),
            Cache = parsed.GetValue(cache) is { } folder ? new(folder, $"{loaded.Fingerprint} {loaded.Folder.Part("image_encoder").Fingerprint()} {side} {adapter.Config.PenultimateFeatures}") : null,
            Recompute = parsed.GetValue(recompute),
        });
        if (parsed.GetValue(dryRun))
        {
            Console.WriteLine(Text(MsEstimate.Of(stage, [loaded.UNet, loaded.Vae, loaded.TextEncoder, vision]), records.Count, trainer));
            return;
        }

        new Trainer(stage, trainer, options.Output(parsed)).Run(new TrainReport(options.Json(parsed)), cancellationToken);
    }

    private IReadOnlyList<MsRecord> Records(ParseResult parsed)
    {
        var records = MsRecords.Load(options.Data(parsed), parsed.GetValue(most));
        foreach (var problem in records.Problems)
        {
            Console.Error.WriteLine(CommandLine.OneLine(problem.ToString()));
        }

        return records.Require(parsed.GetValue(skipBad));
    }

    private int Side(ParseResult parsed, BaseModel loaded)
    {
        const int Largest = 512;
        var side = parsed.GetValue(size) ?? Math.Min(Largest, loaded.Defaults.Size.Width);
        var step = loaded.Vae.Config.Factor;
        return side > 0 && side % step == 0 ? side : throw new InvalidRequestException("--size", $"{side} is not a multiple of {step} pixels, which this model needs.");
    }

    private MsDiffusionAdapter Adapter(ParseResult parsed, BaseModel loaded, ClipVisionConfig vision) => parsed.GetValue(from) is { } start
        ? MsAdapterStart.From(start, loaded, vision)
        : MsAdapterStart.New(loaded, vision, parsed.GetValue(locality) is var grid and > 0 ? new Locality(grid, LocalityBeta) : null);

    private static string Text(MsEstimate estimate, int records, TrainerOptions trainer) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        records          {records}
        frozen weights   {MiB(estimate.FrozenBytes)} MiB
        trained weights  {MiB(estimate.TrainedBytes)} MiB with gradients and optimiser
        peak memory      {MiB(estimate.PeakBytes)} MiB with one picture at a time
        one picture      {estimate.SecondsAPicture:0.00} s
        all              {trainer.Steps} steps of {trainer.Batch} pictures, about {TimeSpan.FromSeconds(estimate.SecondsAPicture * trainer.Steps * trainer.Batch).TotalHours:0.0} h
        """);

    private static long MiB(long bytes) => bytes >> 20;
}
