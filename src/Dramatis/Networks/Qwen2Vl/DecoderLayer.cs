using Dramatis.Tensors;
using static Dramatis.Tensors.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Networks.Qwen2Vl;

/// <summary>A layer of the language model: attention and a gated feed-forward part, each normed before and around a residual.</summary>
/// <remarks>Shapes: B batch, L rows, S keys, C width, G heads of keys, D head width.</remarks>
internal sealed class DecoderLayer : Module
{
    private readonly RmsNorm input_layernorm;
    private readonly GroupedAttention self_attn;
    private readonly RmsNorm post_attention_layernorm;
    private readonly GatedMlp mlp;

    public DecoderLayer(Qwen2VlConfig config)
        : base(nameof(DecoderLayer))
    {
        input_layernorm = new RmsNorm(config.Width, config.NormEpsilon);
        self_attn = new GroupedAttention(config);
        post_attention_layernorm = new RmsNorm(config.Width, config.NormEpsilon);
        mlp = new GatedMlp(config);
        RegisterComponents();
    }

    /// <summary>Keys and values of rows (B, L, C): all that later rows need of them.</summary>
    public KeyValue Project(Tensor x, Rotation rotation)
    {
        using var scope = NewDisposeScope();
        return self_attn.Project(input_layernorm.forward(x), rotation).MoveToOuterDisposeScope();
    }

    /// <summary>Rows (B, L, C) after the layer, and the keys and values of those before them and their own.</summary>
    /// <param name="before">What stands before the rows; null for nothing.</param>
    public (Tensor Rows, KeyValue Seen) Run(Tensor x, Rotation rotation, RowMask mask, KeyValue? before = null)
    {
        using var scope = NewDisposeScope();
        var normed = input_layernorm.forward(x);
        var own = self_attn.Project(normed, rotation);
        var seen = before?.Join(own) ?? own;
        var h = x + self_attn.Attend(normed, rotation, seen, mask);
        var rows = h + post_attention_layernorm.forward(h).Then(mlp.forward);
        return (rows.MoveToOuterDisposeScope(), seen.MoveToOuterDisposeScope());
    }

    // Shazeer (2020), SwiGLU.
    private sealed class GatedMlp : Module<Tensor, Tensor>
    {
        private readonly Linear gate_proj;
        private readonly Linear up_proj;
        private readonly Linear down_proj;

        public GatedMlp(Qwen2VlConfig config)
            : base(nameof(GatedMlp))
        {
            gate_proj = Linear(config.Width, config.InnerWidth, hasBias: false);
            up_proj = Linear(config.Width, config.InnerWidth, hasBias: false);
            down_proj = Linear(config.InnerWidth, config.Width, hasBias: false);
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            using var scope = NewDisposeScope();
            var gate = gate_proj.forward(x).Then(wide => functional.silu(wide));
            var inner = up_proj.forward(x).Then(up => is_grad_enabled() ? gate * up : gate.mul_(up));
            return down_proj.forward(inner).MoveToOuterDisposeScope();
        }
    }
}
