using Dramatis.Networks.Blocks;
using TorchSharp.Modules;
using static Dramatis.Tensors.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Networks.Prior;

/// <summary>What a picture of a subject would be to the vision encoder.</summary>
/// <param name="Features">(M, T, F), class token first.</param>
/// <param name="Aspect">Width by height of the subject (M).</param>
internal sealed record ImaginedFeatures(Tensor Features, Tensor Aspect);

/// <summary>From words to image features, as unCLIP's prior (Ramesh et al., 2022, section 2.2), by plain regression and for all cells of a picture.</summary>
/// <remarks>
/// A word's state is whitened, since text encoders of small models tell names apart in few directions, bent, unfolded to a short code for
/// each cell, and each code widened to a feature. Shapes: M phrases, W width of the text, T cells of width F.
/// </remarks>
internal sealed class FeaturePrior : Module<Tensor, ImaginedFeatures>
{
    // Of the widest direction's variance. The ends of texts tell names apart in their narrowest directions too; states of words that were spread
    // do so in their wide ones, and what is narrow there is noise, which something that is learned by gradients must not find.
    private static double Floor(PhraseState reads) => reads == PhraseState.Word ? 1e-2 : 1e-7;

    private readonly Parameter mean;
    private readonly Parameter whitening;
    private readonly Mlp mlp;
    private readonly Linear unfold;
    private readonly Linear cell_in;
    private readonly Linear cell_out;
    private readonly Linear aspect;
    private readonly Parameter feature_mean;
    private readonly Parameter feature_deviation;

    public FeaturePrior(FeaturePriorConfig config)
        : base(nameof(FeaturePrior))
    {
        Config = config;
        mean = Fixed(0, config.TextWidth);
        whitening = Fixed(0, config.TextWidth, config.TextWidth);
        mlp = new Mlp(config.TextWidth, config.FeedForwardFactor * config.TextWidth, Mlp.Gelu);
        unfold = Linear(config.TextWidth, config.Tokens * config.CellWidth);
        cell_in = Linear(config.CellWidth, config.FeedForwardFactor * config.CellWidth);
        cell_out = Linear(config.FeedForwardFactor * config.CellWidth, config.FeatureWidth);
        aspect = Linear(config.TextWidth, 1);
        feature_mean = Fixed(0, config.Tokens, config.FeatureWidth);
        feature_deviation = Fixed(1, config.Tokens, 1);
        RegisterComponents();
    }

    public FeaturePriorConfig Config { get; }

    /// <param name="states">What the text encoder says of each phrase, as <see cref="FeaturePriorConfig.Reads"/> says (M, W).</param>
    public override ImaginedFeatures forward(Tensor states)
    {
        using var scope = NewDisposeScope();
        var (cells, shape) = Standardised(states);
        return new(
            ((cells * feature_deviation) + feature_mean).MoveToOuterDisposeScope(),
            shape.exp().MoveToOuterDisposeScope());
    }

    /// <summary>What training compares: features as <see cref="Standardise"/> has them (M, T, F), and the logarithm of the aspect (M).</summary>
    public (Tensor Cells, Tensor Aspect) Standardised(Tensor states)
    {
        using var scope = NewDisposeScope();
        var (cells, shape) = OfWhite(Whiten(states));
        return (cells.MoveToOuterDisposeScope(), shape.MoveToOuterDisposeScope());
    }

    /// <summary>States (M, W) with the same spread in all directions in which those that were measured differ.</summary>
    public Tensor Whiten(Tensor states)
    {
        using var scope = NewDisposeScope();
        return (states.to(mean.dtype) - mean).matmul(whitening).MoveToOuterDisposeScope();
    }

    /// <summary>What <see cref="Standardised"/> makes of states that <see cref="Whiten"/> has been through.</summary>
    public (Tensor Cells, Tensor Aspect) OfWhite(Tensor white)
    {
        using var scope = NewDisposeScope();
        var word = white + mlp.forward(white);
        var codes = unfold.forward(word).unflatten(1, [Config.Tokens, Config.CellWidth]);
        return (
            cell_out.forward(Mlp.Gelu(cell_in.forward(codes))).MoveToOuterDisposeScope(),
            aspect.forward(word).squeeze(-1).MoveToOuterDisposeScope());
    }

    /// <summary>Features (M, T, F) as the network makes them: the mean of each number taken away, one deviation for each cell.</summary>
    public Tensor Standardise(Tensor features) => (features - feature_mean) / feature_deviation;

    /// <summary>Measures the states that it will read, and the features that it is to make of them.</summary>
    /// <param name="states">(N, W)</param>
    /// <param name="features">(M, T, F)</param>
    public void Measure(Tensor states, Tensor features)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        mean.copy_(AsStored(states.mean([0])));
        var centred = (states - mean).to(ScalarType.Float64);
        var (values, vectors) = linalg.eigh(centred.t().matmul(centred) / states.shape[0]);

        // Directions in which no two phrases differ are left as narrow as they are.
        var scale = (values.clamp(min: 0) + (Floor(Config.Reads) * values.max())).rsqrt();
        whitening.copy_(AsStored((vectors * scale).matmul(vectors.t())));
        feature_mean.copy_(features.mean([0]));
        feature_deviation.copy_((features - feature_mean).square().mean([0, 2]).sqrt().unsqueeze(-1));
    }

    // Narrow directions are widened a thousandfold, and rounding with them: what is learned is learned of what a file holds.
    private static Tensor AsStored(Tensor measured) => measured.to(ScalarType.Float16).to(ScalarType.Float32);

    // Measured, not learned.
    private static Parameter Fixed(double value, params long[] shape)
    {
        var weight = Constant(value, shape);
        weight.requires_grad = false;
        return weight;
    }
}
