using Dramatis.Networks.Vae;
using Dramatis.Pictures;
using Dramatis.Tensors;
using Dramatis.Toybox;
using Dramatis.Weights;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Training.Toybox;

/// <summary>Trains the picture autoencoder on scenes.</summary>
/// <remarks>
/// The decoder sees the mean of the posterior with a little noise: drawing from the whole posterior from the start costs half the speed
/// of learning. The loss is the mean absolute error of colours, half that of their differences to the neighbours, and that of colours
/// averaged over the pixels of a latent cell: without it rare colours fade, for the median of what is seen is another one.
/// </remarks>
internal sealed class VaeStage : TrainingStage
{
    /// <summary>Noise on the latents, as a fraction of their deviation.</summary>
    private const double NoiseShare = .05;

    private const double EdgeWeight = .5;
    private const double ColourWeight = 1;
    private const double SizeWeight = 1e-4;
    private const int Judged = 64;
    private const ulong JudgedSeed = 0x7E57;
    private const uint NoiseStream = 0x401E;

    private static readonly PixelSize Size = new(SceneMaker.Side, SceneMaker.Side);

    private readonly AutoencoderKL vae;
    private readonly SceneMaker scenes;
    private readonly ulong seed;
    private readonly byte[][] unseen;

    /// <param name="from">Weights to go on from, which the stage takes over; null starts afresh.</param>
    public VaeStage(SubjectBank bank, Backgrounds backgrounds, ulong seed, AutoencoderKL? from = null)
    {
        this.seed = seed;
        vae = from ?? new AutoencoderKL(ToyboxSizes.Vae);
        scenes = new SceneMaker(bank, backgrounds, seed, new() { Split = SubjectSplit.All });
        var judged = new SceneMaker(bank, backgrounds, JudgedSeed, new() { Split = SubjectSplit.HeldOut });
        unseen = [.. Enumerable.Range(0, Judged).Select(i => judged.Make(i).Rgb)];
    }

    public override string Name => "vae";

    public override Module Networks => vae;

    public override TrainingLoss Loss(TrainingShare share)
    {
        using var scope = NewDisposeScope();
        var pixels = PicturePixels.FromRgb([.. Enumerable.Range(0, share.Count).Select(i => scenes.Make(share.First + i).Rgb)], Size);
        var posterior = vae.Encode(pixels);
        var deviation = NoiseShare * posterior.Mean.detach().std();
        using var generator = new Generator(new StableRandom(seed, share.First, NoiseStream).NextBits(), CPU);
        var noise = randn(posterior.Mean.shape, generator: generator);
        var difference = vae.Decode(posterior.Mean + (deviation * noise)) - pixels;

        // The posterior's own deviation is taught to be the noise that the decoder can stand.
        var spread = (posterior.LogVariance - (2 * deviation.log())).square().mean();
        return new(
        [
            new("pixels", difference.abs().mean()),
            new("edges", difference.diff(dim: 2).abs().mean() + difference.diff(dim: 3).abs().mean(), EdgeWeight),
            new("colours", functional.avg_pool2d(difference, vae.Config.Factor).abs().mean(), ColourWeight),
            new("latents", posterior.Mean.square().mean() + spread, SizeWeight),
        ]);
    }

    public override IReadOnlyDictionary<string, double> Evaluate(TrainingStep step, string folder)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var pixels = PicturePixels.FromRgb(unseen, Size);
        var rebuilt = cat([.. pixels.split(8).Select(part => vae.forward(part).clamp(-1, 1))]);
        var errors = (rebuilt - pixels).square().mean([1, 2, 3]);
        var decibels = (10 * (4 / errors).log10()).mean().item<float>();

        var originals = PicturePixels.ToPictures(pixels[..24]);
        var results = PicturePixels.ToPictures(rebuilt[..24]);
        var rows = originals.Chunk(8).Zip(results.Chunk(8)).SelectMany(pair => new[] { pair.First, pair.Second });
        PictureWriter.WritePng(Path.Combine(folder, $"vae-{step.Index:D6}.png"), SampleSheet.Grid([.. rows]));
        return new Dictionary<string, double> { ["psnr_held_out"] = decibels };
    }

    public override void Export(string folder)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var latents = vae.Encode(PicturePixels.FromRgb(unseen, Size)).Mean;
        var config = vae.Config with { ScalingFactor = 1 / latents.square().mean().sqrt().item<float>() };
        new ModelWriter(folder).Network(ModelNetwork.Vae, config.ToJson(), vae);
    }
}
