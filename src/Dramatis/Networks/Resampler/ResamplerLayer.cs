using TorchSharp.Modules;
using TorchSharp.Utils;
using static Dramatis.Tensors.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Networks.Resampler;

/// <summary>One round of queries reading a picture's features and themselves, then a feed-forward step.</summary>
/// <remarks>Shapes: M pictures, T features, Q queries, C width, H heads, D head width.</remarks>
internal sealed class ResamplerLayer : Module<Tensor, Tensor, Tensor?, Tensor>
{
    [ComponentName(Name = "0")]
    private readonly PerceiverAttention attention;

    [ComponentName(Name = "1")]
    private readonly Sequential feedForward;

    public ResamplerLayer(PerceiverConfig config)
        : base(nameof(ResamplerLayer))
    {
        attention = new PerceiverAttention(config);
        feedForward = Sequential(
            LayerNorm(config.Width),
            Linear(config.Width, config.Width * config.FeedForwardFactor, hasBias: false),
            GELU(),
            Linear(config.Width * config.FeedForwardFactor, config.Width, hasBias: false));
        RegisterComponents();
    }

    /// <param name="features">(M, T, C)</param>
    /// <param name="latents">The queries so far (M, Q, C).</param>
    /// <param name="bias">Added to the logits (Q, T + Q), or null.</param>
    public override Tensor forward(Tensor features, Tensor latents, Tensor? bias)
    {
        using var scope = NewDisposeScope();
        latents += attention.forward(features, latents, bias);
        return (latents + feedForward.forward(latents)).MoveToOuterDisposeScope();
    }

    // Flamingo's resampler attention (arXiv 2204.14198, section 3.1.1): keys are the features and the queries together.
    private sealed class PerceiverAttention : Module<Tensor, Tensor, Tensor?, Tensor>
    {
        private readonly LayerNorm norm1;
        private readonly LayerNorm norm2;
        private readonly Linear to_q;
        private readonly Linear to_kv;
        private readonly Linear to_out;
        private readonly int heads;

        public PerceiverAttention(PerceiverConfig config)
            : base(nameof(PerceiverAttention))
        {
            heads = config.Heads;
            var inner = config.Heads * config.HeadWidth;
            norm1 = LayerNorm(config.Width);
            norm2 = LayerNorm(config.Width);
            to_q = Linear(config.Width, inner, hasBias: false);
            to_kv = Linear(config.Width, 2 * inner, hasBias: false);
            to_out = Linear(inner, config.Width, hasBias: false);
            RegisterComponents();
        }

        public override Tensor forward(Tensor features, Tensor latents, Tensor? bias)
        {
            using var scope = NewDisposeScope();
            var normed = norm2.forward(latents);
            var q = SplitHeads(to_q.forward(normed));                                                // (M, H, Q, D)
            var kv = to_kv.forward(cat([norm1.forward(features), normed], dim: 1)).chunk(2, dim: -1);   // 2 x (M, T + Q, H D)
            var mixed = functional.scaled_dot_product_attention(q, SplitHeads(kv[0]), SplitHeads(kv[1]), attn_mask: bias);
            return to_out.forward(mixed.transpose(1, 2).flatten(start_dim: 2)).MoveToOuterDisposeScope();
        }

        private Tensor SplitHeads(Tensor x) => x.unflatten(2, heads, -1).transpose(1, 2);
    }
}
