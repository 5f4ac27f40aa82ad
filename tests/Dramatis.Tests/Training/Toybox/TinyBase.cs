using Dramatis.Networks.Clip;
using Dramatis.Networks.Vae;
using Dramatis.Schedules;
using Dramatis.Training.Diffusion;
using Dramatis.Training.Toybox;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Tests.Training.Toybox;

/// <summary>The base training at a size for tests: real code, few channels.</summary>
internal static class TinyBase
{
    private const int Vocabulary = 40;
    private const int Side = 8;

    private static readonly ClipTower Tower = new() { Width = 16, Layers = 1, Heads = 2, InnerWidth = 32, QuickGelu = false };

    public static BaseConfigs Configs { get; } = new()
    {
        UNet = new()
        {
            BlockWidths = [16, 16],
            LayersPerBlock = 1,
            Attention = [true, true],
            Heads = [2, 2],
            TransformerLayers = [1, 1],
            TextWidth = 16,
            LinearProjection = true,
            NormGroups = 4,
        },
        Text = new() { Tower = Tower, Vocabulary = Vocabulary, Positions = 16 },
        Vision = new() { Tower = Tower, Side = Side, Patch = 4, Projection = 16 },
        Adapter = new()
        {
            Resampler = new()
            {
                Width = 16,
                Depth = 1,
                Heads = 2,
                HeadWidth = 8,
                Queries = 4,
                FeatureWidth = 16,
                PhraseWidth = 16,
                OutputWidth = 16,
                Locality = new(2, 1.5),
            },
        },
    };

    public static VaeConfig Vae { get; } = new() { BlockWidths = [8, 8], NormGroups = 4 };

    public static BaseConfigs WithCollage { get; } = Configs with
    {
        UNet = Configs.UNet with { SampleSize = 8 },
        Adapter = Configs.Adapter with { Collage = new(Vae.LatentChannels, 8, 16) },
    };

    public static BaseConfigs WithFastComposer { get; } = Configs with { Postfuse = new(16, 16) };

    public static IReadOnlyList<double> Alphas { get; } = [.. Enumerable.Range(1, 10).Select(t => 1 - (t / 11.0))];

    public static ForwardProcess Process { get; } = new(Alphas, Prediction.Velocity);

    public static (DenoisingBatch Batch, BaseReferences References) Inputs(int orders, int each) => (new()
    {
        Latents = randn(orders, 4, 8, 8),
        Noise = randn(orders, 4, 8, 8),
        Timesteps = arange(orders) % Alphas.Count,
        Ids = randint(0, Vocabulary, [orders, 6]).to(ScalarType.Int64),
    }, new()
    {
        Pixels = randint(0, 256, [orders * each, Side, Side, 3]).to(ScalarType.Byte),
        Phrases = randint(0, Vocabulary, [orders * each, 3]).to(ScalarType.Int64),
        Places = cat([rand(orders * each, 2) * 0.4, 0.6 + (rand(orders * each, 2) * 0.4)], dim: 1),
        Slots = arange(orders * each),
        Laid = [.. Enumerable.Repeat(true, orders * each)],
        LargestCast = each,
    });

    /// <summary>For two orders: each holds one word in its left half, and the second shows a picture in its place.</summary>
    public static BaseWords Words() => new()
    {
        Words = functional.one_hot(tensor([2L, 3L]), 6).to(float32).unsqueeze(1),
        Places = tensor([0f, 0, .5f, 1, 0, 0, .5f, 1]).view(2, 1, 4),
        Most = 1,
        Shown = new()
        {
            Tokens = tensor(Enumerable.Range(0, 12).Select(i => i == 9).ToArray()).view(2, 6),
            Pixels = randn(1, 3, Side, Side),
            Names = randint(0, Vocabulary, [1, 4]).to(ScalarType.Int64),
            Last = tensor([2L]),
        },
    };

    public static DenoisingBatch Row(DenoisingBatch all, int row) => new()
    {
        Latents = all.Latents[row..(row + 1)],
        Noise = all.Noise[row..(row + 1)],
        Timesteps = all.Timesteps[row..(row + 1)],
        Ids = all.Ids![row..(row + 1)],
    };

    public static BaseReferences Row(BaseReferences all, int row) => Rows(all, row);

    public static BaseReferences Rows(BaseReferences all, params long[] rows)
    {
        var each = all.LargestCast;
        var items = tensor(rows.SelectMany(row => Enumerable.Range(0, each).Select(i => (row * each) + i)).ToArray());
        return new()
        {
            Pixels = all.Pixels[items],
            Phrases = all.Phrases[items],
            Places = all.Places[items],
            Slots = arange(items.shape[0]),
            Laid = [.. items.data<long>().Select(item => all.Laid[(int)item])],
            LargestCast = each,
        };
    }

    /// <summary>The same batch with other captions.</summary>
    public static DenoisingBatch WithIds(DenoisingBatch all, Tensor ids) => new()
    {
        Latents = all.Latents.alias(),
        Noise = all.Noise.alias(),
        Timesteps = all.Timesteps.alias(),
        Ids = ids.alias(),
    };

    /// <summary>The same batch, whose cells count as told.</summary>
    public static DenoisingBatch Weighted(DenoisingBatch all, Tensor weights) => new()
    {
        Latents = all.Latents.alias(),
        Noise = all.Noise.alias(),
        Timesteps = all.Timesteps.alias(),
        Ids = all.Ids!.alias(),
        Weights = weights,
    };
}
