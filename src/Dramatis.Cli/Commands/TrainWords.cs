using System.CommandLine;
using Dramatis.Cli.Host;
using Dramatis.Cli.Usage;
using Dramatis.Methods.FastComposer;
using Dramatis.Toybox;
using Dramatis.Training;
using Dramatis.Training.Toybox;
using Dramatis.Weights;

namespace Dramatis.Cli.Commands;

/// <summary><c>dramatis train words</c>.</summary>
internal static class TrainWords
{
    private const long WarmUp = 100;

    public static Command Create()
    {
        var options = new TrainOptions(usualPictures: 640_000, usualBatch: 64, usualRate: 1e-3);
        var model = new Option<string>("--model")
        {
            Description = "A name of 'dramatis models', or a model folder, with FastComposer, MS-Diffusion, and a prior that reads the states of words.",
            Required = true,
        };
        var command = new GroupedCommand(
            "words",
            """
            Teaches a model's FastComposer what words must come to mean for the model's prior to imagine their pictures. Nothing else of the model changes.

            Example: dramatis train words --model models/toybox --data ~/toybox-data -o ~/runs/words    # needs that data
            """);
        options.AddTo(command, [model], []);
        command.SetAction((parsed, cancellationToken) =>
        {
            TrainReport.Loading(options.Json(parsed));
            var trainer = options.ForTrainer(parsed, TrainerOptions.WarmCosine(WarmUp));
            var folder = ModelFolder.Open(Models.Open().Locate(parsed.GetValue(model)));
            using var stage = new WordsStage(SubjectBank.Load(options.Data(parsed)), folder, options.Seed(parsed));
            var adapter = ModelFolder.AdapterName(FastComposerMethod.Name);
            new Trainer(stage, trainer, options.Output(parsed)).Run(new TrainReport(
                options.Json(parsed), $"cp -r {options.Output(parsed)}/{Trainer.ModelFolder}/{adapter} {folder.Path}/{ModelFolder.AdaptersName}/"),
                cancellationToken);
            return Task.FromResult(0);
        });
        return command;
    }
}
