using System.CommandLine;
using Dramatis.Cli.Usage;
using Dramatis.Errors;
using Dramatis.Tensors;
using Dramatis.Toybox;
using Dramatis.Training;
using Dramatis.Training.Toybox;
using Dramatis.Weights;

namespace Dramatis.Cli.Commands;

/// <summary><c>dramatis train base</c>.</summary>
internal static class TrainBase
{
    private const int UsualScenes = 24_000;

    // For so many scenes of any subjects there is one of few large ones with common names.
    private const int ScenesForOneNamed = 4;

    public static Command Create()
    {
        var recipe = new BaseRecipe();
        var options = new TrainOptions(usualPictures: 100_000, usualBatch: recipe.Batch, usualRate: recipe.LearningRate);
        var vae = new Option<string>("--vae") { Description = "Folder of the model whose autoencoder is used.", Required = true };
        var from = TrainOptions.From("unet, encoders and adapter, as far as it has them,");
        var scenes = new Option<int>("--scenes")
        {
            Description = "Scenes that are drawn and encoded before; each is shown several times.",
            DefaultValueFactory = _ => UsualScenes,
        };
        var named = new Option<double?>("--named")
        {
            Description = "Share of the pictures whose subjects are told by name alone; half of them show few large ones of common names. "
                + $"Without it {recipe.NamedOrders}, with --side 256 {recipe.ForLarge().NamedOrders}.",
        };
        named.Require<double>(share => share is >= 0 and <= 1, "takes a number from 0 to 1");
        var side = UsualOptions.SceneSide("with 256 the denoiser has one level more, inside which that of --from goes on.");
        var references = new Option<int>("--reference-side")
        {
            Description = "Pixels of the references, 64 or 128; with 128 each token of the image encoder sees four times as many.",
            DefaultValueFactory = _ => SceneMaker.ReferenceSide,
        };
        references.Require<int>(value => value == SceneMaker.ReferenceSide || value == 2 * SceneMaker.ReferenceSide, "takes 64 or 128");
        var draws = new Option<int>("--draws")
        {
            Description = "How often a step shows each order, with other noise each time: fewer orders a picture, which are encoded once.",
            DefaultValueFactory = _ => recipe.Draws,
        };
        draws.Require<int>(value => value >= 1, "takes a whole number from 1");
        var keepText = new Option<bool>("--keep-text")
        {
            Description = "Leave the text encoder as --from has it: what 'train text' spread would close up again.",
        };
        var keepImages = new Option<bool>("--keep-images")
        {
            Description = "Leave the image encoder as --from has it, so that the model's prior and what goes through it stay true.",
        };
        var device = UsualOptions.Device();
        var command = new GroupedCommand(
            "base",
            """
            Trains denoiser, encoders and MS-Diffusion adapter of the embedded model together.

            Example: dramatis train base --data ~/toybox-data --vae ~/runs/vae/model -o ~/runs/base    # needs that data, and days
            """);
        options.AddTo(command, [vae, from, keepText, keepImages, scenes, named, side, references, draws], [device]);
        command.SetAction((parsed, cancellationToken) =>
        {
            TrainReport.Loading(options.Json(parsed));
            var isLarge = parsed.GetValue(side) == SceneOptions.Lit.Side;
            var look = SceneOptions.For(parsed.GetValue(side));
            var usual = isLarge ? recipe.ForLarge() : recipe;
            var mix = usual with { NamedOrders = parsed.GetValue(named) ?? usual.NamedOrders, Draws = parsed.GetValue(draws) };
            var schedule = TrainerOptions.WarmConstantLinear(recipe.WarmUpSteps, recipe.LastRate);
            var target = TrainingDevice.Find(parsed.GetRequiredValue(device));
            var trainer = options.ForTrainer(parsed, schedule, target.Workers) with { EmaDecay = recipe.EmaDecay, Optimizer = new() { Orthogonal = BaseNetworks.IsInner } };
            var equal = trainer.Workers * mix.Draws;
            InvalidRequestException.ThrowUnless(
                trainer.Batch % equal == 0,
                "batch", $"{trainer.Batch} pictures cannot be shared out to {trainer.Workers} workers that show each order {mix.Draws} times; take a multiple of {equal}.");
            var seed = options.Seed(parsed);
            var output = options.Output(parsed);
            var bank = SubjectBank.Load(options.Data(parsed));
            var backgrounds = look.Grounds(seed);
            var part = ModelPart.Open(Path.Combine(parsed.GetRequiredValue(vae), ModelNetwork.Vae.Name()));
            using var autoencoder = ModelFolder.LoadVae(part);
            NetworkHome.Move(autoencoder, target.Device);
            var count = parsed.GetValue(scenes);
            var poolRecipe = new PoolRecipe(seed, count, count / ScenesForOneNamed, part.Fingerprint(), look.Side, look.Style);
            var report = new TrainReport(
                options.Json(parsed), $"dramatis paint \"a {{panda}} on a beach\" -s panda=samples/subjects/panda.png --model {output}/{Trainer.ModelFolder}");
            using var pool = ScenePool.Open(output, poolRecipe, look, bank, backgrounds, autoencoder, report, cancellationToken);
            using var stage = new BaseStage(new()
            {
                Bank = bank,
                Backgrounds = backgrounds,
                Pool = pool,
                Vae = autoencoder,
                Seed = seed,
                Configs = (isLarge ? ToyboxSizes.LargeBase : ToyboxSizes.Base).Seeing(parsed.GetValue(references)),
                Scenes = look,
                Device = target.Device,
                Recipe = parsed.GetValue(from) is null ? mix : mix.GoingOn(),
                Start = parsed.GetValue(from),
                KeepsText = parsed.GetValue(keepText),
                KeepsImages = parsed.GetValue(keepImages),
            });
            new Trainer(stage, trainer, output).Run(report, cancellationToken);
            return Task.FromResult(0);
        });
        return command;
    }
}
