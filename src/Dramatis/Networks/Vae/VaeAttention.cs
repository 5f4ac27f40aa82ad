using TorchSharp.Modules;
using static Dramatis.Tensors.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Networks.Vae;

/// <summary>Self-attention of all cells of a feature map, with one head, around a residual.</summary>
/// <remarks>Shapes: B batch, C width, H x W grid, N = H W cells.</remarks>
internal sealed class VaeAttention : Module<Tensor, Tensor>
{
    private readonly GroupNorm group_norm;
    private readonly Linear to_q;
    private readonly Linear to_k;
    private readonly Linear to_v;
    private readonly ModuleList<Linear> to_out;

    public VaeAttention(int width, int groups)
        : base(nameof(VaeAttention))
    {
        group_norm = GroupNorm(groups, width, VaeConfig.NormEpsilon);
        to_q = Linear(width, width);
        to_k = Linear(width, width);
        to_v = Linear(width, width);
        to_out = new ModuleList<Linear>(Linear(width, width));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var cells = group_norm.forward(x).flatten(2).transpose(1, 2);      // (B, C, H, W) -> (B, N, C)

        var q = to_q.forward(cells).unsqueeze(1);                          // (B, 1, N, C)
        var k = to_k.forward(cells).unsqueeze(1);
        var v = to_v.forward(cells).unsqueeze(1);

        var mixed = functional.scaled_dot_product_attention(q, k, v).squeeze(1);
        var result = to_out[0].forward(mixed).transpose(1, 2).reshape(x.shape);    // (B, N, C) -> (B, C, H, W)
        return (x + result).MoveToOuterDisposeScope();
    }
}
