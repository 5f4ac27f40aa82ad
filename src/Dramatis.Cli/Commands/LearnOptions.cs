using System.CommandLine;
using System.Text.Json.Nodes;
using Dramatis.Cli.Host;
using Dramatis.Errors;
using Dramatis.Training;
using Dramatis.Training.Subjects;
using Dramatis.Weights;

namespace Dramatis.Cli.Commands;

/// <summary>The options that all ways to learn a subject have.</summary>
internal sealed class LearnOptions
{
    // Previews are worth a quarter of the way each.
    private const int Evaluations = 4;

    private readonly Option<string[]> subjects = new("--subject") { Description = "The words that name the kind of subject, for example \"cat\".", Required = true };
    private readonly Option<string[]> references = new("--references")
    {
        Description = $"Folder with at least {SubjectFolder.FewestPictures} pictures of it; tom.mask.png may lie beside tom.jpg.",
        Required = true,
    };

    private readonly Option<string?> model = new("--model") { Description = "A name of 'dramatis models', or a model folder; the embedded model when not given." };
    private readonly Option<string> output = new("--output", "-o") { Description = "Folder of the run; a run found there goes on.", Required = true };
    private readonly Option<long> steps;
    private readonly Option<double> rate;
    private readonly Option<int> batch;
    private readonly Option<int?> size = new("--size") { Description = "Pixels a side that pictures are cut to; the model's own when not given." };
    private readonly Option<ulong> seed = new("--seed") { Description = "Of everything that is drawn.", DefaultValueFactory = _ => 1 };
    private readonly Option<bool> dryRun = new("--dry-run") { Description = "Say what it would take, and stop." };
    private readonly Option<bool> json = new("--json") { Description = "One JSON object an event on standard output." };

    public LearnOptions(long usualSteps, double usualRate, int usualBatch = 1)
    {
        batch = new("--batch") { Description = "Pictures a step.", DefaultValueFactory = _ => usualBatch };
        steps = new("--steps") { Description = "Steps.", DefaultValueFactory = _ => usualSteps };
        rate = new("--rate") { Description = "Learning rate.", DefaultValueFactory = _ => usualRate };
    }

    public void AddTo(Command command)
    {
        Option[] all = [subjects, references, model, output, steps, rate, batch, size, seed, dryRun, json];
        Array.ForEach(all, command.Add);
    }

    /// <summary>What was learned, for methods that learn one subject at a time.</summary>
    /// <exception cref="InvalidRequestException">There are several.</exception>
    public string Subject(ParseResult parsed) => parsed.GetRequiredValue(subjects) is [var only]
        ? only
        : throw new InvalidRequestException("--subject", "is given more than once, but this method learns one subject at a time; give the command once for each.");

    public string Output(ParseResult parsed) => parsed.GetRequiredValue(output);

    public string Model(ParseResult parsed) => Models.Open().Locate(parsed.GetValue(model));

    public ulong Seed(ParseResult parsed) => parsed.GetValue(seed);

    public bool IsDryRun(ParseResult parsed) => parsed.GetValue(dryRun);

    public bool Json(ParseResult parsed) => parsed.GetValue(json);

    /// <summary>How many subjects are learned.</summary>
    public int Count(ParseResult parsed) => parsed.GetRequiredValue(subjects).Length;

    /// <exception cref="InvalidDataSetException">There are too few pictures.</exception>
    public IReadOnlyList<SubjectPicture> Pictures(ParseResult parsed) => Subjects(parsed)[0].Pictures;

    /// <summary>The kinds of subjects, each with its pictures.</summary>
    /// <exception cref="InvalidRequestException">There are more kinds than folders, or fewer.</exception>
    /// <exception cref="InvalidDataSetException">There are too few pictures.</exception>
    public IReadOnlyList<(string Kind, IReadOnlyList<SubjectPicture> Pictures)> Subjects(ParseResult parsed)
    {
        var (kinds, folders) = (parsed.GetRequiredValue(subjects), parsed.GetRequiredValue(references));
        return kinds.Length == folders.Length
            ? [.. kinds.Zip(folders, (kind, folder) => (kind, SubjectFolder.Read(folder)))]
            : throw new InvalidRequestException("--references", $"names {folders.Length} folders for {kinds.Length} subjects; give one for each.");
    }

    /// <exception cref="InvalidRequestException">The side is none of the model's.</exception>
    public int Side(ParseResult parsed, BaseModel loaded)
    {
        var cell = loaded.Vae.Config.Factor;
        return parsed.GetValue(size) is not { } side ? loaded.Defaults.Size.Width
            : side >= cell && side % cell == 0 ? side
            : throw new InvalidRequestException("--size", $"{side} is not a multiple of {cell} pixels, which this model needs.");
    }

    /// <summary>One worker, no running average, a constant rate: as the published scripts train.</summary>
    /// <exception cref="InvalidRequestException">A number makes no sense.</exception>
    public TrainerOptions ForTrainer(ParseResult parsed)
    {
        var count = parsed.GetValue(steps);
        var trainer = new TrainerOptions
        {
            Steps = count,
            Batch = parsed.GetValue(batch),
            Workers = 1,
            LearningRate = parsed.GetValue(rate),
            EmaDecay = 0,
            EvaluateEvery = Math.Max(1, count / Evaluations),
        };
        trainer.Validate();
        return trainer;
    }

    /// <summary>What every record says of the training.</summary>
    public static IReadOnlyList<(string Field, JsonNode? Value)> Record(TrainerOptions trainer) =>
        [("steps", trainer.Steps), ("batch", trainer.Batch), ("learning_rate", trainer.LearningRate)];

    /// <summary>Learns, or says what it would take.</summary>
    public int Run(ParseResult parsed, TrainingStage stage, TrainerOptions trainer, CancellationToken cancellationToken)
    {
        if (IsDryRun(parsed))
        {
            Console.WriteLine(TrainEstimate.Of(stage, trainer));
        }
        else
        {
            new Trainer(stage, trainer, Output(parsed)).Run(new TrainReport(Json(parsed)), cancellationToken);
        }

        return 0;
    }
}
