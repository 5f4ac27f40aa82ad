using System.CommandLine;
using System.Globalization;
using Dramatis.Checkpoints;
using Dramatis.Cli.Host;
using Dramatis.Cli.Usage;
using Dramatis.Training;
using Dramatis.Training.Adapters;
using Dramatis.Weights;

namespace Dramatis.Cli.Commands;

/// <summary>The options of all trainings of adapters on a base that stays as it is, and how such a training is run.</summary>
internal sealed class TrainAdapterOptions(TrainOptions options)
{
    private readonly Option<string> model = new("--model")
    {
        Description = "A name of 'dramatis models', or a model folder, with its image_encoder; it stays as it is.",
        Required = true,
    };

    private readonly Option<int?> size = new("--size") { Description = "Pixels along one side of a picture; the model's own, at most 512, when not given." };
    private readonly Option<int> most = new("--max-subjects") { Description = "Records with more are broken.", DefaultValueFactory = _ => 4 };
    private readonly Option<bool> skipBad = new("--skip-bad") { Description = "Leave broken records out." };
    private readonly Option<string?> cache = new("--cache") { Description = "Folder that keeps what the encoders make of each record." };
    private readonly Option<bool> recompute = new("--recompute") { Description = "Less memory for a third more time (gradient checkpointing)." };
    private readonly Option<string> storage = StorageOption.Create();
    private readonly Option<string?> store = StoreOption.Create("f32");
    private readonly Option<bool> dryRun = new("--dry-run") { Description = "Check the data, do one picture, say what the training needs, and write nothing." };

    /// <param name="start">What else the training starts from.</param>
    /// <param name="own">The group of what the method alone has.</param>
    public void AddTo(GroupedCommand command, IReadOnlyList<Option> start, params (string Title, IReadOnlyList<Option> Options)[] own)
    {
        command.Add("Model and data", [model, .. start]);
        foreach (var (title, items) in own)
        {
            command.Add(title, items);
        }

        options.AddTo(command, [size, most, skipBad], [cache, recompute, storage, store, dryRun]);
    }

    public string Model(ParseResult parsed) => Models.Open().Locate(parsed.GetRequiredValue(model));

    /// <summary>Trains, or with <c>--dry-run</c> says what that would need.</summary>
    /// <param name="request">With what its own options say.</param>
    public void Run(ParseResult parsed, AdapterRequest request, CancellationToken cancellationToken) => FlagNames.Named(() =>
    {
        var full = options.Fill(request, parsed) with
        {
            Resolution = parsed.GetValue(size),
            MostSubjects = parsed.GetValue(most),
            SkipBad = parsed.GetValue(skipBad),
            Cache = parsed.GetValue(cache),
            Recompute = parsed.GetValue(recompute),
            Storage = StorageOption.Read(parsed.GetRequiredValue(storage)),
            Stored = StoreOption.Read(parsed.GetValue(store)) ?? TensorType.F32,
        };
        TrainReport.Loading(options.Json(parsed));
        if (parsed.GetValue(dryRun))
        {
            Console.WriteLine(Text(AdapterTraining.Estimate(full, new TrainReport(json: false), cancellationToken)));
        }
        else
        {
            AdapterTraining.Run(full, new TrainReport(options.Json(parsed), Example(parsed, full)), cancellationToken);
        }
    });

    // The adapter beside the base that it was trained for.
    private static string Example(ParseResult parsed, AdapterRequest request) =>
        $"dramatis paint \"a {{panda}} on a beach\" -s panda=samples/subjects/panda.png@0.2,0.3,0.8,0.95 --method {parsed.CommandResult.Command.Name} "
            + $"--model {request.Model} --adapter {request.Output}/{Trainer.ModelFolder}/{ModelFolder.AdapterName(parsed.CommandResult.Command.Name)}";

    private static string Text(AdapterEstimate estimate) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        records          {estimate.Samples}
        frozen weights   {MiB(estimate.Stage.FrozenBytes)} MiB
        trained weights  {MiB(estimate.Stage.TrainedBytes)} MiB with gradients and optimiser
        peak memory      {MiB(estimate.Stage.PeakBytes)} MiB with one picture at a time
        one picture      {estimate.Stage.SecondsAPicture:0.00} s
        all              {estimate.Steps} steps of {estimate.Batch} pictures, about {estimate.Time.TotalHours:0.0} h
        """);

    private static long MiB(long bytes) => bytes >> 20;
}
