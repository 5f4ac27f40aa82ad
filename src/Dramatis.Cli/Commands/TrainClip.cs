using System.CommandLine;
using Dramatis.Cli.Usage;
using Dramatis.Toybox;
using Dramatis.Training;
using Dramatis.Training.Toybox;

namespace Dramatis.Cli.Commands;

/// <summary><c>dramatis train clip</c>.</summary>
internal static class TrainClip
{
    private const long WarmUp = 100;

    public static Command Create()
    {
        var options = new TrainOptions(usualPictures: 64_000, usualBatch: 128, usualRate: 5e-4);
        var command = new GroupedCommand(
            "clip",
            """
            Teaches text and vision encoder of the embedded model that names and pictures of a subject belong together: an optional start
            for 'dramatis train base --from'.

            Example: dramatis train clip --data ~/toybox-data -o ~/runs/clip    # needs that data
            """);
        options.AddTo(command, [], []);
        command.SetAction((parsed, cancellationToken) =>
        {
            TrainReport.Loading(options.Json(parsed));
            var trainer = options.ForTrainer(parsed, TrainerOptions.WarmCosine(WarmUp));
            var seed = options.Seed(parsed);
            using var stage = new ClipStage(SubjectBank.Load(options.Data(parsed)), new Backgrounds(seed), seed);
            new Trainer(stage, trainer, options.Output(parsed)).Run(new TrainReport(
                options.Json(parsed),
                $"dramatis train base --data {options.Data(parsed)} --vae VAE_FOLDER --from {options.Output(parsed)}/{Trainer.ModelFolder} -o runs/base"),
                cancellationToken);
            return Task.FromResult(0);
        });
        return command;
    }
}
