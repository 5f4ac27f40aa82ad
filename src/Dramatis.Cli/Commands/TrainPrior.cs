using System.CommandLine;
using Dramatis.Cli.Host;
using Dramatis.Cli.Usage;
using Dramatis.Networks.Prior;
using Dramatis.Toybox;
using Dramatis.Training;
using Dramatis.Training.Toybox;
using Dramatis.Weights;
using Dramatis.Weights.Catalog;

namespace Dramatis.Cli.Commands;

/// <summary><c>dramatis train prior</c>.</summary>
internal static class TrainPrior
{
    private const long WarmUp = 500;

    public static Command Create()
    {
        var options = new TrainOptions(usualPictures: 3_200_000, usualBatch: 64, usualRate: 3e-3);
        var model = new Option<string>("--model")
        {
            Description = "A name of 'dramatis models', or a model folder, with MS-Diffusion: whose words the prior reads, and whose features it makes.",
            DefaultValueFactory = _ => ModelCatalog.Embedded,
        };
        var reads = new Option<PhraseState>("--reads")
        {
            Description = "Which state of the text encoder: pooled, at the end of the text, or word, of a phrase's last token, where 'train text' has "
                + "spread names.",
        };
        var command = new GroupedCommand(
            "prior",
            """
            Teaches a model's prior what its image encoder would see of a subject that only words name: so subjects with words and no picture are
            painted too. The encoders and the denoiser stay as they are.

            Example: dramatis train prior --data ~/toybox-data -o ~/runs/prior    # needs that data
            """);
        options.AddTo(command, [model, reads], []);
        command.SetAction((parsed, cancellationToken) =>
        {
            TrainReport.Loading(options.Json(parsed));
            var trainer = options.ForTrainer(parsed, TrainerOptions.WarmCosine(WarmUp));
            var folder = ModelFolder.Open(Models.Open().Locate(parsed.GetValue(model)));
            using var stage = new PriorStage(SubjectBank.Load(options.Data(parsed)), folder, options.Seed(parsed), parsed.GetValue(reads));
            new Trainer(stage, trainer, options.Output(parsed)).Run(new TrainReport(
                options.Json(parsed), $"cp -r {options.Output(parsed)}/{Trainer.ModelFolder}/{ModelNetwork.Prior.Name()} {folder.Path}/"),
                cancellationToken);
            return Task.FromResult(0);
        });
        return command;
    }
}
