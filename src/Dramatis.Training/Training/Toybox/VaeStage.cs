using Dramatis.Networks.Vae;
using Dramatis.Pictures;
using Dramatis.Tensors;
using Dramatis.Toybox;
using Dramatis.Toybox.Judging;
using Dramatis.Weights;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Training.Toybox;

/// <summary>Trains the picture autoencoder on scenes.</summary>
/// <remarks>
/// The decoder sees the mean of the posterior with a little noise: drawing from the whole posterior from the start costs half the speed
/// of learning. The loss is the mean absolute error of colours, of their differences to the neighbours and of colours averaged over the pixels
/// of a latent cell, and what decibels count, each as much as the recipe says.
/// </remarks>
internal sealed class VaeStage : TrainingStage
{
    private const double SizeWeight = 1e-4;
    private const int Part = 8;
    private const int Shown = 24;
    private const double LeastSquare = 1e-8;    // keeps the root's gradient finite
    private const ulong JudgedSeed = 0x7E57;
    private const uint NoiseStream = 0x401E;

    private readonly AutoencoderKL vae;
    private readonly VaeRecipe recipe;
    private readonly Device device;
    private readonly Func<long, int, double, VaePictures> pictures;
    private readonly Frozen? kept;
    private readonly ulong seed;
    private readonly Scene[] unseen;

    /// <param name="backgrounds">For scenes of the recipe's size.</param>
    /// <param name="from">Weights to go on from, which the stage takes over; null starts afresh.</param>
    /// <param name="device">What is computed on; null is the processor.</param>
    public VaeStage(
        SubjectBank bank, Backgrounds backgrounds, ulong seed, AutoencoderKL? from = null, VaeRecipe? recipe = null, Device? device = null)
    {
        this.seed = seed;
        this.recipe = recipe ?? new();
        this.device = device ?? CPU;
        vae = from ?? new AutoencoderKL(this.recipe.Network);
        kept = this.recipe.KeepsLatents ? Frozen.Take(vae.Encoding) : null;
        NetworkHome.Move(vae, this.device);
        var scenes = new SceneMaker(bank, backgrounds, seed, this.recipe.Scenes with { Split = SubjectSplit.All });
        pictures = BatchesAhead.For(this.device, new VaeScenes(scenes, this.recipe, seed).Draw);
        var grounds = this.recipe.JudgedGrounds > 0 ? this.recipe.Scenes.Grounds(JudgedSeed, this.recipe.JudgedGrounds) : backgrounds;
        var judged = new SceneMaker(bank, grounds, JudgedSeed, this.recipe.Scenes with { Split = SubjectSplit.HeldOut });
        unseen = [.. Enumerable.Range(0, this.recipe.Judged).Select(i => judged.Make(i))];
    }

    public override string Name => "vae";

    public override Module Networks => vae;

    /// <summary>Threads share the cores of a processor; another device is kept busy by one.</summary>
    public override int MostWorkers => IsOnProcessor ? base.MostWorkers : 1;

    private bool IsOnProcessor => device.type == DeviceType.CPU;

    public override TrainingLoss Loss(TrainingShare share)
    {
        using var scope = NewDisposeScope();
        using var narrow = recipe.NarrowConvolutions && IsOnProcessor ? NarrowConvolutions.Take() : null;
        var pixels = pictures(share.First, share.Count, share.Step.Progress).ToPixels(device);
        var posterior = vae.Encode(pixels);
        var deviation = recipe.NoiseShare * posterior.Mean.detach().std();
        using var generator = new Generator(new StableRandom(seed, share.First, NoiseStream).NextBits(), device);
        var noise = randn(posterior.Mean.shape, generator: generator, device: device);
        var difference = vae.Decode(posterior.Mean + (deviation * noise)) - pixels;

        List<LossPart> parts =
        [
            new("pixels", difference.abs().mean(), recipe.PixelWeight),
            new("edges", difference.diff(dim: 2).abs().mean() + difference.diff(dim: 3).abs().mean(), recipe.EdgeWeight),
            new("colours", functional.avg_pool2d(difference, vae.Config.Factor).abs().mean(), recipe.ColourWeight),
        ];
        if (!recipe.KeepsLatents)
        {
            // The posterior's own deviation is taught to be the noise that the decoder can stand.
            var spread = (posterior.LogVariance - (2 * deviation.log())).square().mean();
            parts.Add(new("latents", posterior.Mean.square().mean() + spread, SizeWeight));
        }

        if (recipe.SquareWeight > 0)
        {
            parts.Add(new("squares", (difference.square().mean([1, 2, 3]) + LeastSquare).sqrt().mean(), recipe.SquareWeight));
        }

        return new(parts);
    }

    public override IReadOnlyDictionary<string, double> Evaluate(TrainingStep step, string folder)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var pixels = Unseen();
        var rebuilt = cat([.. pixels.split(Part).Select(part => vae.forward(part).clamp(-1, 1))]);
        var errors = (rebuilt - pixels).square().mean([1, 2, 3]);
        var decibels = (10 * (4 / errors).log10()).mean().item<float>();

        var (originals, results) = (PicturePixels.ToPictures(pixels), PicturePixels.ToPictures(rebuilt));
        var rows = originals.Take(Shown).Chunk(Part).Zip(results.Take(Shown).Chunk(Part)).SelectMany(pair => new[] { pair.First, pair.Second });
        PictureWriter.WritePng(Path.Combine(folder, $"vae-{step.Index:D6}.png"), SampleSheet.Grid([.. rows]));
        var figures = RebuiltFigures.Of(unseen.Index().Where(scene => scene.Item.Parts.Count > 0)
            .Select(scene => (originals[scene.Index], results[scene.Index], scene.Item.Inside)));
        return new Dictionary<string, double>
        {
            ["psnr_held_out"] = decibels,
            ["psnr_inside"] = figures.InsideDecibels,
            ["edges_inside"] = figures.EdgesKept,
        };
    }

    public override void Export(string folder)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var scaling = recipe.KeepsLatents ? vae.Config.ScalingFactor : 1 / vae.Encode(Unseen()).Mean.square().mean().sqrt().item<float>();
        new ModelWriter(folder).Network(ModelNetwork.Vae, (vae.Config with { ScalingFactor = scaling }).ToJson(), vae);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            kept?.Dispose();
        }

        base.Dispose(disposing);
    }

    private Tensor Unseen() => PicturePixels.FromRgb([.. unseen.Select(scene => scene.Rgb)], new(recipe.Side, recipe.Side), device);
}
