using System.CommandLine;
using System.Globalization;
using Dramatis.Checkpoints;
using Dramatis.Cli.Host;
using Dramatis.Errors;
using Dramatis.Training;
using Dramatis.Training.Records;
using Dramatis.Weights;
using TorchSharp;

namespace Dramatis.Cli.Commands;

/// <summary>The options of all trainings of adapters on a base that stays as it is, and how such a training is run.</summary>
internal sealed class TrainAdapterOptions(TrainOptions options)
{
    private const int LargestSide = 512;

    private readonly Option<string> model = new("--model") { Description = "A name of 'dramatis models', or a model folder, with its image_encoder; it stays as it is.", Required = true };
    private readonly Option<int?> size = new("--size") { Description = "Pixels along one side of a picture; the model's own, at most 512, when not given." };
    private readonly Option<int> most = new("--max-subjects") { Description = "Records with more are broken.", DefaultValueFactory = _ => 4 };
    private readonly Option<bool> skipBad = new("--skip-bad") { Description = "Leave broken records out." };
    private readonly Option<string?> cache = new("--cache") { Description = "Folder that keeps what the encoders make of each record." };
    private readonly Option<bool> recompute = new("--recompute") { Description = "Less memory for a third more time (gradient checkpointing)." };
    private readonly Option<string> storage = StorageOption.Create();
    private readonly Option<string?> store = StoreOption.Create("f32");
    private readonly Option<bool> dryRun = new("--dry-run") { Description = "Check the data, do one picture, say what the training needs, and write nothing." };

    public void AddTo(Command command)
    {
        Option[] all = [model, size, most, skipBad, cache, recompute, storage, store, dryRun];
        Array.ForEach(all, command.Add);
        options.AddTo(command);
    }

    public BaseModel Load(ParseResult parsed) => BaseModel.Load(
        Models.Open().Locate(parsed.GetRequiredValue(model)), new() { Storage = StorageOption.Read(parsed.GetRequiredValue(storage)) });

    /// <summary>How the finished adapter is stored.</summary>
    public TensorType Stored(ParseResult parsed) => StoreOption.Read(parsed.GetValue(store)) ?? TensorType.F32;

    public bool Recompute(ParseResult parsed) => parsed.GetValue(recompute);

    /// <param name="stamp">Stands for the encoders and all sizes.</param>
    public EncodingCache? Cache(ParseResult parsed, string stamp) => parsed.GetValue(cache) is { } folder ? new(folder, stamp) : null;

    /// <summary>The records, every one checked; broken ones are listed.</summary>
    /// <param name="needsSubjects">Whether subjects are looked at.</param>
    /// <exception cref="InvalidDataSetException">They cannot be trained on.</exception>
    public IReadOnlyList<TrainingRecord> Records(ParseResult parsed, bool needsSubjects = true)
    {
        var records = RecordSet.Load(options.Data(parsed), needsSubjects ? parsed.GetValue(most) : int.MaxValue, needsSubjects);
        foreach (var problem in records.Problems)
        {
            Console.Error.WriteLine(TerminalText.OneLine(problem.ToString()));
        }

        return records.Require(parsed.GetValue(skipBad));
    }

    /// <exception cref="InvalidRequestException">The model cannot have pictures of that size.</exception>
    public int Side(ParseResult parsed, BaseModel loaded)
    {
        var side = parsed.GetValue(size) ?? Math.Min(LargestSide, loaded.Defaults.Size.Width);
        var step = loaded.Vae.Config.Factor;
        return side > 0 && side % step == 0 ? side : throw new InvalidRequestException("--size", $"{side} is not a multiple of {step} pixels, which this model needs.");
    }

    /// <summary>Trains, or with <c>--dry-run</c> says what that would need.</summary>
    /// <param name="samples">How many there are to learn from.</param>
    public void Run(ParseResult parsed, TrainingStage stage, TrainerOptions trainer, BaseModel loaded, torch.nn.Module vision, int samples, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(dryRun))
        {
            Console.WriteLine(Text(StageEstimate.Of(stage, [loaded.UNet, loaded.Vae, loaded.TextEncoder, vision]), samples, trainer));
            return;
        }

        new Trainer(stage, trainer, options.Output(parsed)).Run(new TrainReport(options.Json(parsed)), cancellationToken);
    }

    private static string Text(StageEstimate estimate, int samples, TrainerOptions trainer) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        records          {samples}
        frozen weights   {MiB(estimate.FrozenBytes)} MiB
        trained weights  {MiB(estimate.TrainedBytes)} MiB with gradients and optimiser
        peak memory      {MiB(estimate.PeakBytes)} MiB with one picture at a time
        one picture      {estimate.SecondsAPicture:0.00} s
        all              {trainer.Steps} steps of {trainer.Batch} pictures, about {TimeSpan.FromSeconds(estimate.SecondsAPicture * trainer.Steps * trainer.Batch).TotalHours:0.0} h
        """);

    private static long MiB(long bytes) => bytes >> 20;
}
