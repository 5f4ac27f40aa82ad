using System.Globalization;
using Dramatis.Conditioning;
using Dramatis.Networks.Resampler;
using TorchSharp.Modules;
using static Dramatis.Tensors.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Methods.MsDiffusion;

/// <summary>All weights of MS-Diffusion: the grounding resampler, a second pair of projections for each attention site, dummy tokens.</summary>
/// <remarks>Field names give the keys of the official <c>ms_adapter.bin</c>. Shapes: B rows, n subjects, Q tokens each, E token width.</remarks>
internal sealed class MsDiffusionAdapter : Module<Tensor, Tensor, Tensor, Tensor?, Tensor>
{
    private readonly GroundingResampler image_proj;
    private readonly ModuleDict<ImageProjections> ms_adapter;
    private readonly Parameter dummy_image_tokens;
    private readonly Collage? collage;

    public MsDiffusionAdapter(MsDiffusionConfig config, IReadOnlyList<AttentionSite> sites)
        : base(nameof(MsDiffusionAdapter))
    {
        Config = config;
        image_proj = new GroundingResampler(config.Resampler);
        ms_adapter = ModuleDict(
            [.. sites.Select(site => (Key(site), new ImageProjections(site, config.Resampler.OutputWidth)))]);
        Projections = sites.ToDictionary(site => site, site => ms_adapter[Key(site)]);

        // Only cells outside all places see them, and what those cells see is gated off: they cannot learn.
        dummy_image_tokens = Normal(1, 1, config.Dummies, config.Resampler.OutputWidth);
        dummy_image_tokens.requires_grad = false;
        collage = config.Collage is { } sizes ? new Collage(sizes) : null;
        RegisterComponents();
    }

    public MsDiffusionConfig Config { get; }

    /// <summary>What makes keys and values of the tokens.</summary>
    public IReadOnlyDictionary<AttentionSite, ImageProjections> Projections { get; }

    /// <summary>Null in the published design.</summary>
    public Collage? Collage => collage;

    /// <summary>The tokens (M, Q, E) of M references: see <see cref="GroundingResampler.forward"/>.</summary>
    public override Tensor forward(Tensor features, Tensor phrases, Tensor boxes, Tensor? ungrounded) =>
        image_proj.forward(features, phrases, boxes, ungrounded);

    /// <summary>Opens a session on tokens that are already there. Gradients flow through it while it is open.</summary>
    /// <param name="tokens">Of each subject of each row (B, n, Q, E); any values where a box is zero.</param>
    /// <param name="boxes">
    /// Where each subject stands (B, n, 4), on the CPU or the tokens' device; all zero for a subject that is not there, as in negative rows.
    /// </param>
    /// <param name="influences">One for each subject; null lets all act fully.</param>
    /// <param name="words">What the subjects' words do besides being read; null for nothing.</param>
    /// <param name="laid">The references of those whose detail is told too, for an adapter with a <see cref="Collage"/>; null for none.</param>
    public ConditioningSession Open(
        Tensor tokens, Tensor boxes, IReadOnlyList<Influence>? influences = null, WordSteering? words = null, LaidReferences? laid = null)
    {
        using var scope = NewDisposeScope();
        var dummies = dummy_image_tokens.expand(tokens.shape[0], -1, -1);
        influences ??= [.. Enumerable.Repeat(Influence.Full, (int)boxes.shape[1])];
        return new MsDiffusionSession(this, cat([dummies, tokens.flatten(1, 2)], dim: 1), boxes, influences, words, laid);
    }

    /// <summary>Opens a session on the tokens of those subjects that are there, without padding.</summary>
    /// <param name="tokens">(M, Q, E)</param>
    /// <param name="places">(M, 4)</param>
    /// <param name="slots">For each subject (M): its row times n, plus its number in the row.</param>
    /// <param name="rows">B.</param>
    /// <param name="most">n.</param>
    public ConditioningSession Open(Tensor tokens, Tensor places, Tensor slots, long rows, int most)
    {
        using var scope = NewDisposeScope();
        return Open(Spread(tokens, slots, rows, most), Spread(places, slots, rows, most));
    }

    /// <summary>What belongs to some subjects (M, ...) in its place among all (B, n, ...), zeros for those that are not there.</summary>
    internal static Tensor Spread(Tensor values, Tensor slots, long rows, int most) =>
        zeros([rows * most, .. values.shape[1..]], values.dtype, values.device).index_copy(0, slots, values).unflatten(0, rows, most);

    private static string Key(AttentionSite site) => site.LayerNumber.ToString(CultureInfo.InvariantCulture);
}
