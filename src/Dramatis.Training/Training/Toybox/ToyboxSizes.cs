using Dramatis.Methods.FastComposer;
using Dramatis.Networks.Resampler;
using Dramatis.Networks.Vae;
using Dramatis.Schedules;
using Dramatis.Tokenizers;
using Dramatis.Toybox;

namespace Dramatis.Training.Toybox;

/// <summary>The sizes of the embedded model: standard networks, few channels.</summary>
internal static class ToyboxSizes
{
    /// <summary>Sampling steps that the model asks for.</summary>
    public const int Steps = 20;

    /// <summary>Guidance that the model asks for.</summary>
    public const double Guidance = 2.5;

    /// <summary>Most of the contrast that guidance adds is taken back: without signal at the schedule's end it overshoots colours.</summary>
    public const double GuidanceRescale = .6;

    private const int Vocabulary = 2048;
    private const int Width = 192;
    private const int TokenGrid = 8;

    /// <summary>CLIP's vocabulary cut to its commonest merges.</summary>
    public static ClipTokenizer Tokenizer() => new(BpeVocabulary.Cut(Vocabulary));

    public static VaeConfig Vae { get; } = new()
    {
        BlockWidths = [16, 32, 64, 96],
        LayersPerBlock = 1,
        LatentChannels = 8,
        NormGroups = 8,
        ScalingFactor = 1,
        ForceUpcast = false,
    };

    /// <summary>Noise to the very end: small latents keep too much of the picture otherwise, and a start from noise alone comes out grey.</summary>
    public static SchedulerConfig Scheduler { get; } = new()
    {
        Sampler = SamplerKind.Ddim,
        BetaCurve = BetaCurve.ScaledLinear,
        BetaStart = .00085,
        BetaEnd = .012,
        ZeroTerminalSnr = true,
        Prediction = Prediction.Velocity,
        Spacing = Spacing.Trailing,
    };

    /// <summary>For 256 x 256: one more level outside, where cells are too many to attend to each other but read text and references; the others are those of <see cref="Base"/>.</summary>
    /// <remarks>
    /// At least four channels are normed together, as in Karras et al. (2022): a channel normed by itself loses all that is the same in every cell, which is
    /// what the noise level adds to it, and its mean.
    /// </remarks>
    public static BaseConfigs LargeBase => Base with
    {
        Postfuse = new(Width, Width),
        Adapter = Base.Adapter with { Collage = new(Vae.LatentChannels, 64, 32) },
        UNet = Base.UNet with
        {
            NormGroups = 8,
            BlockWidths = [32, .. Base.UNet.BlockWidths],
            Attention = [true, .. Base.UNet.Attention],
            OnlyCross = [true, .. Base.UNet.Attention.Select(_ => false)],
            Heads = [1, .. Base.UNet.Heads],
            TransformerLayers = [1, .. Base.UNet.TransformerLayers],
            TimeEmbedding = Base.UNet.TimeWidth,
            SampleSize = SceneOptions.Lit.Side / Vae.Factor,
        },
    };

    /// <summary>As FastComposer learns beside the base: as many subjects as a scene has, from the first step on.</summary>
    public static FastComposerConfig FastComposer { get; } = new() { MostSubjects = 6, Start = 0, Cleaning = TextCleaning.Usual };

    /// <summary>The same with references of other sizes, as many tokens of which see more pixels each: 64 a side are less than a large subject of 256 has.</summary>
    public static BaseConfigs Seeing(this BaseConfigs configs, int side) => configs with
    {
        Vision = configs.Vision with { Side = side, Patch = configs.Vision.Patch * side / configs.Vision.Side },
    };

    public static BaseConfigs Base { get; } = new()
    {
        UNet = new()
        {
            InChannels = Vae.LatentChannels,
            OutChannels = Vae.LatentChannels,
            BlockWidths = [64, 128, 160],
            LayersPerBlock = 1,
            Attention = [true, true, true],
            Heads = [4, 4, 4],
            TransformerLayers = [1, 1, 1],
            TextWidth = Width,
            SampleSize = SceneMaker.Side / Vae.Factor,
        },
        Text = new()
        {
            Tower = new() { Width = Width, Layers = 3, Heads = 6, InnerWidth = 4 * Width },
            Vocabulary = Vocabulary,
            End = Vocabulary - 1,
        },
        Vision = new()
        {
            Tower = new() { Width = Width, Layers = 4, Heads = 6, InnerWidth = 4 * Width },
            Side = SceneMaker.ReferenceSide,
            Patch = 8,
            Projection = Width,
        },
        Adapter = new()
        {
            Resampler = new()
            {
                Width = Width,
                Depth = 2,
                Heads = 4,
                HeadWidth = 48,
                Queries = TokenGrid * TokenGrid,
                FeatureWidth = Width,
                PhraseWidth = Width,
                OutputWidth = Width,
                Locality = new(TokenGrid, Locality.UsualBeta),
            },
        },
    };
}
