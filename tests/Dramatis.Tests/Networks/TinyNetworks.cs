using Dramatis.Conditioning;
using Dramatis.Networks.Clip;
using Dramatis.Networks.Dino;
using Dramatis.Networks.Projectors;
using Dramatis.Networks.Resampler;
using Dramatis.Networks.UNet;
using Dramatis.Networks.Vae;
using Dramatis.Tensors;
using Dramatis.Tests.Networks.UNet;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Tests.Networks;

/// <summary>A network of few channels with inputs that are the same each time.</summary>
/// <param name="Run">Its results, on the inputs of a <see cref="Compute"/>.</param>
internal sealed record TinyNetwork(Func<Module> Build, Func<Module, TinyInputs, IReadOnlyList<Tensor>> Run);

/// <summary>Makes inputs where a network computes.</summary>
internal sealed class TinyInputs(Compute compute) : IDisposable
{
    private readonly Generator random = new(7, CPU);

    public Tensor Noise(params long[] shape) => randn(shape, device: CPU, generator: random).To(compute);

    /// <summary>Timesteps and places, which are in single precision always.</summary>
    public Tensor Numbers(params float[] values) => tensor(values, device: compute.Device);

    public Tensor Ids(params int[] ids) => TokenIds.Of([ids], compute.Device);

    /// <summary>What SDXL and an adapter are told besides latents and text.</summary>
    public StepContext Context(int rows, ConditioningSession? session = null) => new(new(0, 1, 1, 0), Noise(rows, 5, 12), session ?? ConditioningSession.None)
    {
        Added = new(Noise(rows, 8), tensor(Enumerable.Range(0, 6 * rows).Select(i => 16f * i).ToArray(), device: compute.Device).view(rows, 6)),
    };

    public void Dispose() => random.Dispose();
}

/// <summary>Every kind of network there is.</summary>
internal static class TinyNetworks
{
    private static readonly ClipTower Tower = new() { Width = 16, Layers = 3, Heads = 2, InnerWidth = 32 };
    private static readonly ClipTextConfig Text = new() { Tower = Tower, Vocabulary = 50, Positions = 12, Projection = 8 };
    private static readonly ClipVisionConfig Vision = new() { Tower = Tower, Side = 12, Patch = 4, Projection = 8 };
    private static readonly DinoConfig Dino = new() { Width = 16, Layers = 2, Heads = 2, InnerWidth = 32, Side = 12, Patch = 4 };
    private static readonly UNetConfig Blocks = TinyUNet.Config with { Added = new(8, 4) };

    private static readonly ResamplerConfig Resampler = new()
    {
        Width = 16,
        Depth = 2,
        Heads = 2,
        HeadWidth = 8,
        Queries = 4,
        FeatureWidth = 12,
        PhraseWidth = 6,
        OutputWidth = 12,
    };

    public static IReadOnlyDictionary<string, TinyNetwork> All { get; } = new Dictionary<string, TinyNetwork>
    {
        ["unet"] = Of(() => new Dramatis.Networks.UNet.UNet(Blocks), (unet, x) => [unet.forward(x.Noise(2, 4, 8, 8), x.Numbers(3, 700), x.Context(2))]),
        ["unet-odd"] = Of(() => new Dramatis.Networks.UNet.UNet(Blocks), (unet, x) => [unet.forward(x.Noise(1, 4, 7, 5), x.Numbers(40), x.Context(1))]),
        ["unet-edited"] = Of(() => new Dramatis.Networks.UNet.UNet(Blocks),
            (unet, x) => [unet.forward(x.Noise(2, 4, 8, 8), x.Numbers(3, 700), x.Context(2, new Edits()))]),
        ["controlnet"] = Of(
            () => new Dramatis.Networks.ControlNet.ControlNet(new() { Blocks = Blocks, ConditionWidths = [4, 8, 8, 8] }),
            (net, x) => net.forward(x.Noise(2, 4, 8, 8), x.Numbers(3, 700), x.Noise(2, 3, 64, 64), x.Context(2)) is var (down, middle)
                ? [.. down, middle]
                : []),
        ["vae"] = Of(() => new AutoencoderKL(new() { BlockWidths = [8, 16], NormGroups = 4 }), (vae, x) => [vae.forward(x.Noise(1, 3, 16, 16))]),
        ["vae-tiles"] = Of(
            () => new AutoencoderKL(new() { BlockWidths = [8, 16], NormGroups = 4 }),
            (vae, x) => [new VaeTiles(4, 2).Map(x.Noise(1, 4, 8, 8), 1, latents => vae.Decode(latents))]),
        ["clip-text"] = Of(
            () => new ClipTextEncoder(Text), (encoder, x) => encoder.forward(x.Ids(48, 7, 9, 49)) is var (last, before, pooled, projected)
                ? [last, before, pooled, projected!]
                : []),
        ["clip-vision"] = Of(
            () => new ClipVisionEncoder(Vision), (encoder, x) => encoder.forward(x.Noise(2, 3, 12, 12)) is var (last, before, embedding)
                ? [last, before, embedding]
                : []),
        ["clip"] = Of(() => new ClipModel(Text, Vision), (clip, x) => clip.forward(x.Noise(2, 3, 12, 12), x.Ids(48, 7, 49)) is var (pictures, texts)
            ? [pictures, texts]
            : []),
        ["dino"] = Of(() => new DinoEncoder(Dino), (dino, x) => [dino.forward(x.Noise(2, 3, 12, 12))]),
        ["dinov2"] = Of(() => new DinoEncoder(Dino with { IsSecond = true }), (dino, x) => [dino.forward(x.Noise(1, 3, 16, 12))]),
        ["perceiver"] = Of(() => new PerceiverResampler(Resampler), (resampler, x) => [resampler.forward(x.Noise(2, 5, 12))]),
        ["grounding"] = Of(() => new GroundingResampler(Resampler), (resampler, x) => [resampler.forward(x.Noise(2, 5, 12), x.Noise(2, 6), Boxes(x), null)]),
        ["grounding-local"] = Of(
            () => new GroundingResampler(Resampler with { Locality = new(2, 1.5) }),
                (resampler, x) => [resampler.forward(x.Noise(2, 5, 12), x.Noise(2, 6), Boxes(x), null)]),
        ["embedding-projector"] = Of(() => new EmbeddingProjector(8, 3, 12), (projector, x) => [projector.forward(x.Noise(2, 8))]),
        ["feature-projector"] = Of(() => new FeatureProjector(8, 12), (projector, x) => [projector.forward(x.Noise(2, 5, 8))]),
    };

    public static TheoryData<string> Names => [.. All.Keys];

    private static Tensor Boxes(TinyInputs x) => x.Numbers(.25f, .25f, .75f, .75f, 0, .1f, .4f, 1).view(2, 4);

    private static TinyNetwork Of<T>(Func<T> build, Func<T, TinyInputs, IReadOnlyList<Tensor>> run)
        where T : Module => new(build, (network, inputs) => run((T)network, inputs));

    // Keeps the fused kernel away, and changes nothing.
    private sealed class Edits : ConditioningSession
    {
        public override LogitEdit? LogitEditAt(AttentionCall call) => logits => logits + 0;
    }
}
