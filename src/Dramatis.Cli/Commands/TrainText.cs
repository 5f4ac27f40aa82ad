using System.CommandLine;
using Dramatis.Cli.Host;
using Dramatis.Cli.Usage;
using Dramatis.Toybox;
using Dramatis.Training;
using Dramatis.Training.Toybox;
using Dramatis.Weights;
using Dramatis.Weights.Catalog;

namespace Dramatis.Cli.Commands;

/// <summary><c>dramatis train text</c>.</summary>
internal static class TrainText
{
    private const long WarmUp = 100;

    public static Command Create()
    {
        var options = new TrainOptions(usualPictures: 120_000, usualBatch: 64, usualRate: 3e-3);
        var model = new Option<string>("--model")
        {
            Description = "A name of 'dramatis models', or a model folder, with MS-Diffusion: whose text encoder learns what its image encoder sees.",
            DefaultValueFactory = _ => ModelCatalog.Embedded,
        };
        var scenes = new Option<bool>("--scenes")
        {
            Description = "Go on with the text encoder that is there, and teach it alone to hear the words of a scene behind many subjects, or before them.",
        };
        var command = new GroupedCommand(
            "text",
            """
            Spreads a model's text states: the last word of each name comes to say what its subject looks like, all others stay as they are. A
            denoiser reads the new states only after it has learned with them ('train base --keep-text').

            Example: dramatis train text --data ~/toybox-data -o ~/runs/text    # needs that data
            """);
        options.AddTo(command, [model, scenes], []);
        command.SetAction((parsed, cancellationToken) =>
        {
            TrainReport.Loading(options.Json(parsed));
            var trainer = options.ForTrainer(parsed, TrainerOptions.WarmCosine(WarmUp)) with { Optimizer = new() { Orthogonal = TextStage.IsInner } };
            var folder = ModelFolder.Open(Models.Open().Locate(parsed.GetValue(model)));
            var bank = SubjectBank.Load(options.Data(parsed));
            using TrainingStage stage = parsed.GetValue(scenes)
                ? new SceneTextStage(bank, folder, options.Seed(parsed))
                : new TextStage(bank, folder, options.Seed(parsed));
            new Trainer(stage, trainer, options.Output(parsed)).Run(new TrainReport(
                options.Json(parsed), $"cp -r {options.Output(parsed)}/{Trainer.ModelFolder}/{ModelNetwork.TextEncoder.Name()} {folder.Path}/"),
                cancellationToken);
            return Task.FromResult(0);
        });
        return command;
    }
}
