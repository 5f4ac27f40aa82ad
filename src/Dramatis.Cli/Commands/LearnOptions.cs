using System.CommandLine;
using Dramatis.Errors;
using Dramatis.Training;
using Dramatis.Training.Subjects;

namespace Dramatis.Cli.Commands;

/// <summary>The options that all ways to learn a subject have.</summary>
internal sealed class LearnOptions
{
    // Previews are worth a quarter of the way each.
    private const int Evaluations = 4;

    private readonly Option<string> subject = new("--subject") { Description = "The words that name the kind of subject, for example \"cat\".", Required = true };
    private readonly Option<string> references = new("--references")
    {
        Description = $"Folder with at least {SubjectFolder.FewestPictures} pictures of it; tom.mask.png may lie beside tom.jpg.",
        Required = true,
    };

    private readonly Option<string?> model = new("--model") { Description = "A name of 'dramatis models', or a model folder; the embedded model when not given." };
    private readonly Option<string> output = new("--output", "-o") { Description = "Folder of the run; a run found there goes on.", Required = true };
    private readonly Option<long> steps;
    private readonly Option<double> rate;
    private readonly Option<int> batch = new("--batch") { Description = "Pictures a step.", DefaultValueFactory = _ => 1 };
    private readonly Option<int?> size = new("--size") { Description = "Pixels a side that pictures are cut to; the model's own when not given." };
    private readonly Option<ulong> seed = new("--seed") { Description = "Of everything that is drawn.", DefaultValueFactory = _ => 1 };
    private readonly Option<bool> dryRun = new("--dry-run") { Description = "Say what it would take, and stop." };
    private readonly Option<bool> json = new("--json") { Description = "One JSON object an event on standard output." };

    public LearnOptions(long usualSteps, double usualRate)
    {
        steps = new("--steps") { Description = "Steps.", DefaultValueFactory = _ => usualSteps };
        rate = new("--rate") { Description = "Learning rate.", DefaultValueFactory = _ => usualRate };
    }

    public void AddTo(Command command)
    {
        Option[] all = [subject, references, model, output, steps, rate, batch, size, seed, dryRun, json];
        Array.ForEach(all, command.Add);
    }

    public string Subject(ParseResult parsed) => parsed.GetRequiredValue(subject);

    public string Output(ParseResult parsed) => parsed.GetRequiredValue(output);

    public string Model(ParseResult parsed) => Models.Open().Locate(parsed.GetValue(model));

    public ulong Seed(ParseResult parsed) => parsed.GetValue(seed);

    public bool IsDryRun(ParseResult parsed) => parsed.GetValue(dryRun);

    public bool Json(ParseResult parsed) => parsed.GetValue(json);

    /// <exception cref="InvalidDataSetException">There are too few pictures.</exception>
    public IReadOnlyList<SubjectPicture> Pictures(ParseResult parsed) => SubjectFolder.Read(parsed.GetRequiredValue(references));

    /// <param name="usual">The model's own side.</param>
    /// <param name="cell">Pixels that the side must be a multiple of.</param>
    /// <exception cref="InvalidRequestException">The side is none.</exception>
    public int Side(ParseResult parsed, int usual, int cell) => parsed.GetValue(size) is not { } side ? usual
        : side >= cell && side % cell == 0 ? side
        : throw new InvalidRequestException("--size", $"{side} is not a multiple of {cell} pixels, which this model needs.");

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
}
