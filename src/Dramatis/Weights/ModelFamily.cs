using Dramatis.Checkpoints.Kinds;
using Dramatis.Networks.Clip;
using Dramatis.Networks.UNet;
using Dramatis.Networks.Vae;
using Dramatis.Schedules;
using Dramatis.Tokenizers;

namespace Dramatis.Weights;

/// <summary>The numbers that all published models of a kind share: what a single-file checkpoint does not say itself.</summary>
internal sealed record ModelFamily
{
    private static readonly SchedulerConfig Usual = new()
    {
        BetaCurve = BetaCurve.ScaledLinear,
        BetaStart = .00085,
        BetaEnd = .012,
        Spacing = Spacing.Leading,
        StepsOffset = 1,
        SetAlphaToOne = false,
    };

    private static readonly UNetConfig FourLevels = new()
    {
        BlockWidths = [320, 640, 1280, 1280],
        Attention = [true, true, true, false],
        Heads = [8, 8, 8, 8],
        TransformerLayers = [1, 1, 1, 1],
        TextWidth = 768,
        SampleSize = 64,
    };

    private static readonly VaeConfig UsualVae = new() { BlockWidths = [128, 256, 512, 512], LayersPerBlock = 2 };

    private static readonly ClipTextConfig VitL = new() { Tower = new() { Width = 768, Layers = 12, Heads = 12, InnerWidth = 3072 } };

    /// <summary>In commands, for example <c>sd15</c>.</summary>
    public required string Name { get; init; }

    /// <summary>For people.</summary>
    public required string Title { get; init; }

    internal required UNetConfig UNet { get; init; }

    internal VaeConfig Vae { get; init; } = UsualVae;

    internal IReadOnlyList<ClipTextConfig> TextEncoders { get; init; } = [VitL];

    /// <summary>What each encoder's texts are filled up with.</summary>
    public IReadOnlyList<string> Paddings { get; init; } = [BpeVocabulary.End];

    internal SchedulerConfig Scheduler { get; init; } = Usual with { Sampler = SamplerKind.Pndm };

    public static ModelFamily Sd15 { get; } = new() { Name = "sd15", Title = FamilyNames.Sd15, UNet = FourLevels };

    /// <summary>The one for 768 pixels, which predicts velocities.</summary>
    public static ModelFamily Sd21 { get; } = new()
    {
        Name = "sd21",
        Title = FamilyNames.Sd21,
        UNet = FourLevels with { Heads = [5, 10, 20, 20], TextWidth = 1024, LinearProjection = true, SampleSize = 96 },
        TextEncoders = [new() { Tower = new() { Width = 1024, Layers = 23, Heads = 16, InnerWidth = 4096, QuickGelu = false } }],
        Paddings = ["!"],
        Scheduler = Usual with { Sampler = SamplerKind.Ddim, Prediction = Prediction.Velocity },
    };

    public static ModelFamily Sdxl { get; } = new()
    {
        Name = "sdxl",
        Title = FamilyNames.Sdxl,
        UNet = new()
        {
            BlockWidths = [320, 640, 1280],
            Attention = [false, true, true],
            Heads = [5, 10, 20],
            TransformerLayers = [1, 2, 10],
            TextWidth = 2048,
            LinearProjection = true,
            Added = new(PooledWidth: 1280, NumberWidth: 256),
            SampleSize = 128,
        },
        Vae = UsualVae with { ScalingFactor = .13025 },
        TextEncoders =
        [
            VitL,
            new() { Tower = new() { Width = 1280, Layers = 32, Heads = 20, InnerWidth = 5120, QuickGelu = false }, Projection = 1280 },
        ],
        Paddings = [BpeVocabulary.End, "!"],
        Scheduler = Usual with { Sampler = SamplerKind.Euler },
    };

    public static IReadOnlyList<ModelFamily> All { get; } = [Sd15, Sd21, Sdxl];
}
