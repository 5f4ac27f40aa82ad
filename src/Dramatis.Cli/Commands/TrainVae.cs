using System.CommandLine;
using Dramatis.Cli.Usage;
using Dramatis.Errors;
using Dramatis.Toybox;
using Dramatis.Training;
using Dramatis.Training.Toybox;

namespace Dramatis.Cli.Commands;

/// <summary><c>dramatis train vae</c>.</summary>
internal static class TrainVae
{
    private const long WarmUp = 200;

    public static Command Create()
    {
        var options = new TrainOptions(usualPictures: 160_000, usualBatch: 8, usualRate: 1e-3);
        var from = TrainOptions.From("vae");
        var side = UsualOptions.SceneSide("with 256 the inner levels of the network are wider, and that of --from grows into it.");
        var keepLatents = new Option<bool>("--keep-latents")
        {
            Description = "Leave the encoder as --from has it: what was learned on its latents goes on to mean the same.",
        };
        var device = UsualOptions.Device();
        var command = new GroupedCommand(
            "vae",
            """
            Trains the picture autoencoder of the embedded model on scenes.

            Example: dramatis train vae --data ~/toybox-data -o ~/runs/vae --pictures 160000    # needs that data, and days
            """);
        options.AddTo(command, [from, keepLatents, side], [device]);
        command.SetAction((parsed, cancellationToken) =>
        {
            InvalidRequestException.ThrowUnless(
                !parsed.GetValue(keepLatents) || parsed.GetValue(from) is not null,
                "--keep-latents", "keeps the latents of an autoencoder; name its folder with --from.");
            TrainReport.Loading(options.Json(parsed));
            var target = TrainingDevice.Find(parsed.GetRequiredValue(device));
            var trainer = options.ForTrainer(parsed, TrainerOptions.WarmCosine(WarmUp), target.Workers);
            var seed = options.Seed(parsed);
            var bank = SubjectBank.Load(options.Data(parsed));
            var recipe = (parsed.GetValue(side) == VaeRecipe.Large.Side ? VaeRecipe.Large : new()) with { KeepsLatents = parsed.GetValue(keepLatents) };
            var start = parsed.GetValue(from) is { } folder ? GrownVae.Load(folder, recipe.Network, seed) : null;
            using var stage = new VaeStage(bank, recipe.Scenes.Grounds(seed), seed, start, recipe, target.Device);
            new Trainer(stage, trainer, options.Output(parsed))
                .Run(new TrainReport(
                    options.Json(parsed),
                    $"dramatis train base --data {options.Data(parsed)} --vae {options.Output(parsed)}/{Trainer.ModelFolder} -o runs/base"), cancellationToken);
            return Task.FromResult(0);
        });
        return command;
    }
}
