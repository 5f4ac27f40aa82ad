using TorchSharp.Modules;
using static Dramatis.Tensors.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Networks.Resampler;

/// <summary>Turns a picture's features into few tokens, with learned queries.</summary>
/// <remarks>
/// The Perceiver Resampler of Flamingo (Alayrac et al., arXiv 2204.14198, section 3.1.1), without positions.
/// Shapes: M pictures, T features, F feature width, Q queries, C width, E output width.
/// </remarks>
internal sealed class PerceiverResampler : Module<Tensor, Tensor>
{
    private readonly Parameter latents;
    private readonly Linear proj_in;
    private readonly ModuleList<ResamplerLayer> layers;
    private readonly Linear proj_out;
    private readonly LayerNorm norm_out;

    public PerceiverResampler(PerceiverConfig config)
        : base(nameof(PerceiverResampler))
    {
        latents = Normal(1 / Math.Sqrt(config.Width), 1, config.Queries, config.Width);
        proj_in = Linear(config.FeatureWidth, config.Width);
        layers = new ModuleList<ResamplerLayer>([.. Enumerable.Range(0, config.Depth).Select(_ => new ResamplerLayer(config))]);
        proj_out = Linear(config.Width, config.OutputWidth);
        norm_out = LayerNorm(config.OutputWidth);
        RegisterComponents();
    }

    /// <summary>(M, T, F) to (M, Q, E); pictures do not see each other.</summary>
    public override Tensor forward(Tensor features)
    {
        using var scope = NewDisposeScope();
        var image = proj_in.forward(features);                           // (M, T, C)
        var queries = latents.expand(features.shape[0], -1, -1);         // (M, Q, C)
        foreach (var layer in layers)
        {
            queries = layer.forward(image, queries, null);
        }

        return norm_out.forward(proj_out.forward(queries)).MoveToOuterDisposeScope();
    }
}
