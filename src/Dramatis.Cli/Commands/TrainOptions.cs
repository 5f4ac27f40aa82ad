using System.CommandLine;
using Dramatis.Cli.Usage;
using Dramatis.Errors;
using Dramatis.Training;
using Dramatis.Training.Adapters;

namespace Dramatis.Cli.Commands;

/// <summary>The options that all trainings have, and what they mean to the trainer.</summary>
internal sealed class TrainOptions
{
    private readonly Option<string> data;
    private readonly Option<string> output = new("--output", "-o") { Description = "Folder of the run; a run found there goes on.", Required = true };
    private readonly Option<long> pictures;
    private readonly Option<int> batch;
    private readonly Option<double?> rate;
    private readonly Option<long> evaluateEvery = new("--evaluate-every")
    {
        Description = "Pictures between two evaluations.",
        DefaultValueFactory = _ => 8000,
    };

    private readonly Option<int?> workers = new("--workers")
    {
        Description = "Threads that share a step, 1 or 2; when not given 2 where there are as many processors and the batch is even.",
    };
    private readonly Option<ulong> seed = UsualOptions.Seed();
    private readonly Option<bool> json = new("--json") { Description = "One JSON object an event on standard output." };

    /// <param name="usualPictures">Default length.</param>
    /// <param name="usualRate">Null where the request says it.</param>
    /// <param name="dataIs">What lies in the folder of the data.</param>
    public TrainOptions(long usualPictures, int usualBatch, double? usualRate, string dataIs = "Folder of the subject bank (dramatis toybox data).")
    {
        data = new("--data") { Description = dataIs, Required = true };
        pictures = new("--pictures") { Description = "How many pictures to learn from, one after another.", DefaultValueFactory = _ => usualPictures };
        batch = new("--batch") { Description = "Pictures a step.", DefaultValueFactory = _ => usualBatch };
        rate = new("--rate") { Description = "Learning rate at its highest.", DefaultValueFactory = _ => usualRate };
    }

    /// <param name="start">Further options that say from what and on what is learned.</param>
    /// <param name="run">Further options that say how the run goes.</param>
    public void AddTo(GroupedCommand command, IReadOnlyList<Option> start, IReadOnlyList<Option> run)
    {
        command.Add("Model and data", [.. start, data]);
        command.Add("Learning", pictures, batch, rate, evaluateEvery);
        command.Add("Run", [output, workers, .. run, seed, json]);
    }

    public string Data(ParseResult parsed) => parsed.GetRequiredValue(data);

    public string Output(ParseResult parsed) => parsed.GetRequiredValue(output);

    /// <summary>For the trainings that can begin with finished weights.</summary>
    /// <param name="parts">What is taken from the folder.</param>
    public static Option<string?> From(string parts) =>
        new("--from") { Description = $"Model folder whose {parts} the training starts with, instead of random weights." };

    /// <summary>The request with what the options say.</summary>
    public AdapterRequest Fill(AdapterRequest request, ParseResult parsed) => request with
    {
        Pictures = parsed.GetValue(pictures),
        Batch = parsed.GetValue(batch),
        LearningRate = parsed.GetValue(rate) ?? request.LearningRate,
        EvaluateEvery = parsed.GetValue(evaluateEvery),
        Workers = parsed.GetValue(workers),
        Seed = Seed(parsed),
    };

    public ulong Seed(ParseResult parsed) => parsed.GetValue(seed);

    public bool Json(ParseResult parsed) => parsed.GetValue(json);

    /// <param name="usualWorkers">Null for as many as the processor has room for.</param>
    /// <exception cref="InvalidRequestException">A number makes no sense.</exception>
    public TrainerOptions ForTrainer(ParseResult parsed, Func<TrainingStep, double> schedule, int? usualWorkers = null)
    {
        var size = parsed.GetValue(batch);
        var trainer = new TrainerOptions
        {
            Steps = Steps(pictures),
            Batch = size,
            LearningRate = parsed.GetValue(rate)!.Value,
            Rate = schedule,
            Workers = parsed.GetValue(workers) ?? usualWorkers ?? TrainerOptions.UsualWorkers(size),
            EvaluateEvery = Steps(evaluateEvery),
        };
        trainer.Validate();
        return trainer;

        // A part of a step counts as one; of a wrong size the trainer says what is wrong.
        long Steps(Option<long> option) => parsed.GetValue(option) is var count and > 0 ? Math.Max(1, count / Math.Max(1, size)) : 0;
    }
}
