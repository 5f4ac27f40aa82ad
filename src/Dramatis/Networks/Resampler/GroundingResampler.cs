using TorchSharp.Modules;
using static Dramatis.Tensors.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Networks.Resampler;

/// <summary>Turns a reference's features into tokens, with queries made from what the subject is called and where it stands.</summary>
/// <remarks>
/// The Grounding Resampler of MS-Diffusion (arXiv 2406.07209), section 3.2.
/// Shapes: M references, T features (class token first), F feature width, P phrase width, Q queries, C width, E output width.
/// </remarks>
internal sealed class GroundingResampler : Module<Tensor, Tensor, Tensor, Tensor?, Tensor>
{
    private const int CellPlaceWidth = 16;

    private readonly Parameter grounding_latents;
    private readonly Sequential latent_proj;
    private readonly LayerNorm latent_norm;
    private readonly Linear proj_in;
    private readonly ModuleList<ResamplerLayer> layers;
    private readonly LayerNorm attention_norm;
    private readonly Linear proj_out;
    private readonly LayerNorm norm_out;

    public GroundingResampler(ResamplerConfig config)
        : base(nameof(GroundingResampler))
    {
        Config = config;
        var width = config.Width;
        var ground = config.PhraseWidth + (8 * config.Frequencies) + (config.Locality is null ? 0 : CellPlaceWidth);
        var grounded = config.Locality is null ? config.Queries * width : width;
        grounding_latents = Normal(1 / Math.Sqrt(width), 1, config.Queries, width);
        latent_proj = Sequential(Linear(ground, 2 * ground), GELU(), Linear(2 * ground, grounded));
        latent_norm = LayerNorm(width);
        proj_in = Linear(config.FeatureWidth, width);
        layers = new ModuleList<ResamplerLayer>([.. Enumerable.Range(0, config.Depth).Select(_ => new ResamplerLayer(config))]);
        attention_norm = LayerNorm(width);
        proj_out = Linear(width, config.OutputWidth);
        norm_out = LayerNorm(config.OutputWidth);
        RegisterComponents();
    }

    public ResamplerConfig Config { get; }

    /// <summary>The tokens (M, Q, E) of each reference; rows do not see each other.</summary>
    /// <param name="features">Features of each reference (M, T, F).</param>
    /// <param name="phrases">Pooled embedding of what it is called (M, P).</param>
    /// <param name="boxes">Where it shall stand, left, top, right, bottom between 0 and 1 (M, 4).</param>
    /// <param name="ungrounded">True (M) where the learned queries take the place of the grounded ones; null for nowhere.</param>
    public override Tensor forward(Tensor features, Tensor phrases, Tensor boxes, Tensor? ungrounded)
    {
        using var scope = NewDisposeScope();
        var latents = GroundedQueries(phrases, boxes);                                // (M, Q, C)
        if (ungrounded is not null)
        {
            latents = where(ungrounded.view(-1, 1, 1), grounding_latents, latents);
        }

        var image = proj_in.forward(features);                                        // (M, T, F) -> (M, T, C)
        var bias = LocalityBias(image);
        foreach (var layer in layers)
        {
            latents = layer.forward(image, latents, bias);
        }

        return norm_out.forward(proj_out.forward(attention_norm.forward(latents))).MoveToOuterDisposeScope();
    }

    private Tensor GroundedQueries(Tensor phrases, Tensor boxes)
    {
        using var scope = NewDisposeScope();
        var places = FourierPlaces.OfBoxes(boxes, Config.Frequencies).to(phrases.dtype);
        var ground = cat([phrases, places], dim: -1);                                 // (M, P + 8 K)
        if (Config.Locality is { } locality)
        {
            var cells = FourierPlaces.OfCells(boxes, locality.Grid).to(phrases.dtype);
            ground = cat([ground.unsqueeze(1).expand(-1, Config.Queries, -1), cells], dim: -1);    // (M, Q, P + 8 K + 16)
        }

        var latents = latent_proj.forward(ground).view(-1, Config.Queries, Config.Width);          // (M, Q C) or (M, Q, C)
        return latent_norm.forward(latents).MoveToOuterDisposeScope();
    }

    // (Q, T + Q): patches near the query's own cell 4 - β d², the class token -2, the other queries 0.
    private Tensor? LocalityBias(Tensor image)
    {
        if (Config.Locality is not { } locality)
        {
            return null;
        }

        using var scope = NewDisposeScope();
        var side = (int)Math.Sqrt(image.shape[1] - 1);
        var query = arange(locality.Grid, ScalarType.Float32, image.device) + 0.5;
        var patch = (arange(side, ScalarType.Float32, image.device) + 0.5) * ((double)locality.Grid / side);
        var apart = (query.unsqueeze(1) - patch).square();                            // (g, S)
        var down = apart.view(locality.Grid, 1, side, 1);
        var across = apart.view(1, locality.Grid, 1, side);
        var near = 4 + locality.Bias((down + across).view(Config.Queries, side * side));
        var classToken = full(Config.Queries, 1, -2f, device: image.device);
        var others = zeros(Config.Queries, Config.Queries, device: image.device);
        return cat([classToken, near, others], dim: 1).to(image.dtype).MoveToOuterDisposeScope();
    }
}
