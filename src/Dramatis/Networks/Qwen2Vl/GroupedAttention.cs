using static Dramatis.Tensors.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Networks.Qwen2Vl;

/// <summary>Self-attention in which several heads of queries share one of keys and values (Ainslie et al., arXiv 2305.13245).</summary>
/// <remarks>Shapes: B batch, L rows, S keys, C width, H heads, G heads of keys, D = C / H.</remarks>
internal sealed class GroupedAttention : Module
{
    private readonly Linear q_proj;
    private readonly Linear k_proj;
    private readonly Linear v_proj;
    private readonly Linear o_proj;
    private readonly Qwen2VlConfig config;

    public GroupedAttention(Qwen2VlConfig config)
        : base(nameof(GroupedAttention))
    {
        this.config = config;
        q_proj = Linear(config.Width, config.Width);
        k_proj = Linear(config.Width, config.KeyHeads * config.HeadWidth);
        v_proj = Linear(config.Width, config.KeyHeads * config.HeadWidth);
        o_proj = Linear(config.Width, config.Width, hasBias: false);
        RegisterComponents();
    }

    /// <summary>Keys and values (B, G, L, D) of rows (B, L, C).</summary>
    public KeyValue Project(Tensor x, Rotation rotation)
    {
        using var scope = NewDisposeScope();
        var key = rotation.Turn(SplitHeads(k_proj.forward(x), config.KeyHeads));
        return new KeyValue(key, SplitHeads(v_proj.forward(x), config.KeyHeads)).MoveToOuterDisposeScope();
    }

    /// <summary>What rows (B, L, C) read (B, L, C).</summary>
    /// <param name="seen">Of the S that may be looked at.</param>
    public Tensor Attend(Tensor x, Rotation rotation, KeyValue seen, RowMask mask)
    {
        using var scope = NewDisposeScope();
        var share = config.Heads / config.KeyHeads;
        var mixed = functional.scaled_dot_product_attention(
            rotation.Turn(SplitHeads(q_proj.forward(x), config.Heads)),
            seen.Key.repeat_interleave(share, dim: 1),
            seen.Value.repeat_interleave(share, dim: 1),
            attn_mask: mask.Added,
            is_casual: mask.IsCausal);                                                       // (B, H, L, D)
        return o_proj.forward(mixed.transpose(1, 2).flatten(start_dim: 2)).MoveToOuterDisposeScope();
    }

    private static Tensor SplitHeads(Tensor x, int heads) => x.unflatten(2, heads, -1).transpose(1, 2);
}
