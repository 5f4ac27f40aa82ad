using Dramatis.Networks.Blocks;
using TorchSharp.Modules;
using static Dramatis.Tensors.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Networks.Clip;

/// <summary>The stack of layers that both towers have.</summary>
/// <remarks>Shapes: B batch, L tokens, C width, H heads, D = C / H.</remarks>
internal sealed class ClipLayers : Module<Tensor, (Tensor Last, Tensor Penultimate)>
{
    private readonly ModuleList<Layer> layers;
    private readonly bool causal;

    /// <param name="causal">Whether a token sees only those before it, as in the text tower.</param>
    public ClipLayers(ClipTower tower, bool causal)
        : base(nameof(ClipLayers))
    {
        this.causal = causal;
        layers = new ModuleList<Layer>([.. Enumerable.Range(0, tower.Layers).Select(_ => new Layer(tower))]);
        RegisterComponents();
    }

    /// <summary>What comes out of the last layer and of the one before it, both (B, L, C).</summary>
    public override (Tensor Last, Tensor Penultimate) forward(Tensor tokens)
    {
        using var scope = NewDisposeScope();
        var (last, penultimate) = (tokens, tokens.alias());
        foreach (var layer in layers)
        {
            penultimate = last.alias();
            last = layer.forward(last, causal);
        }

        return (last.MoveToOuterDisposeScope(), penultimate.MoveToOuterDisposeScope());
    }

    /// <summary>What the last layer makes of its input (B, L, C).</summary>
    public Tensor ForwardLast(Tensor penultimate) => layers[^1].forward(penultimate, causal);

    private sealed class Layer : Module<Tensor, bool, Tensor>
    {
        private readonly LayerNorm layer_norm1;
        private readonly Attention self_attn;
        private readonly LayerNorm layer_norm2;
        private readonly Mlp mlp;

        public Layer(ClipTower tower)
            : base(nameof(Layer))
        {
            layer_norm1 = LayerNorm(tower.Width, tower.NormEpsilon);
            self_attn = new Attention(tower);
            layer_norm2 = LayerNorm(tower.Width, tower.NormEpsilon);
            mlp = new Mlp(tower.Width, tower.InnerWidth, tower.QuickGelu ? Mlp.QuickGelu : Mlp.Gelu);
            RegisterComponents();
        }

        public override Tensor forward(Tensor x, bool causal)
        {
            using var scope = NewDisposeScope();
            var h = x + self_attn.forward(layer_norm1.forward(x), causal);
            return (h + mlp.forward(layer_norm2.forward(h))).MoveToOuterDisposeScope();
        }
    }

    private sealed class Attention : Module<Tensor, bool, Tensor>
    {
        private readonly Linear q_proj;
        private readonly Linear k_proj;
        private readonly Linear v_proj;
        private readonly Linear out_proj;
        private readonly int heads;

        public Attention(ClipTower tower)
            : base(nameof(Attention))
        {
            heads = tower.Heads;
            q_proj = Linear(tower.Width, tower.Width);
            k_proj = Linear(tower.Width, tower.Width);
            v_proj = Linear(tower.Width, tower.Width);
            out_proj = Linear(tower.Width, tower.Width);
            RegisterComponents();
        }

        public override Tensor forward(Tensor x, bool causal)
        {
            using var scope = NewDisposeScope();
            var mixed = functional.scaled_dot_product_attention(
                SplitHeads(q_proj.forward(x)),
                SplitHeads(k_proj.forward(x)),
                SplitHeads(v_proj.forward(x)),
                is_casual: causal);                                                      // (B, H, L, D)
            return out_proj.forward(mixed.transpose(1, 2).flatten(start_dim: 2)).MoveToOuterDisposeScope();
        }

        private Tensor SplitHeads(Tensor x) => x.unflatten(2, heads, -1).transpose(1, 2);
    }
}
