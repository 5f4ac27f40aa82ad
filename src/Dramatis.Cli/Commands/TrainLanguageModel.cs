using System.CommandLine;
using Dramatis.Cli.Usage;
using Dramatis.Toybox;
using Dramatis.Training;
using Dramatis.Training.Toybox;
using Dramatis.Weights;
using Dramatis.Weights.Catalog;

namespace Dramatis.Cli.Commands;

/// <summary><c>dramatis train language-model</c>.</summary>
internal static class TrainLanguageModel
{
    private const long WarmUp = 200;

    public static Command Create()
    {
        var options = new TrainOptions(usualPictures: 200_000, usualBatch: 32, usualRate: 2e-3);
        var command = new GroupedCommand(
            "language-model",
            """
            Teaches a Qwen2-VL of two million weights to say what is in the embedded model's pictures: what EasyRef needs beside a model.

            Example: dramatis train language-model --data ~/toybox-data -o ~/runs/language    # needs that data
            """);
        options.AddTo(command, [], []);
        command.SetAction((parsed, cancellationToken) =>
        {
            TrainReport.Loading(options.Json(parsed));
            var trainer = options.ForTrainer(parsed, TrainerOptions.WarmCosine(WarmUp)) with { Optimizer = new() { Orthogonal = LanguageStage.IsInner } };
            using var stage = new LanguageStage(SubjectBank.Load(options.Data(parsed)), options.Seed(parsed));
            new Trainer(stage, trainer, options.Output(parsed)).Run(new TrainReport(
                options.Json(parsed),
                $"dramatis train easyref --stage 1 --data GROUPS --model {ModelCatalog.Embedded} -o runs/easyref-1 "
                    + $"--language-model {options.Output(parsed)}/{Trainer.ModelFolder}/{ModelNetwork.LanguageModel.Name()}"),
                cancellationToken);
            return Task.FromResult(0);
        });
        return command;
    }
}
