using System.CommandLine;
using Dramatis.Toybox;
using Dramatis.Training;
using Dramatis.Training.Toybox;
using Dramatis.Weights;

namespace Dramatis.Cli.Commands;

/// <summary><c>dramatis train vae</c>.</summary>
internal static class TrainVae
{
    private const long WarmUp = 200;

    public static Command Create()
    {
        var options = new TrainOptions(usualPictures: 160_000, usualBatch: 8, usualRate: 1e-3);
        var from = TrainOptions.From("vae");
        var command = new Command(
            "vae",
            """
            Trains the picture autoencoder of the embedded model on scenes.

            Example: dramatis train vae --data ~/toybox-data -o ~/runs/vae --pictures 160000
            """)
        {
            from,
        };
        options.AddTo(command);
        command.SetAction((parsed, cancellationToken) =>
        {
            var trainer = options.ForTrainer(parsed, TrainerOptions.WarmCosine(WarmUp));
            var seed = options.Seed(parsed);
            var bank = SubjectBank.Load(options.Data(parsed));
            var start = parsed.GetValue(from) is { } folder ? ModelFolder.LoadVae(ModelPart.Open(Path.Combine(folder, ModelNetwork.Vae.Name()))) : null;
            using var stage = new VaeStage(bank, new Backgrounds(seed), seed, start);
            new Trainer(stage, trainer, options.Output(parsed))
                .Run(new TrainReport(options.Json(parsed)), cancellationToken);
            return Task.FromResult(0);
        });
        return command;
    }
}
