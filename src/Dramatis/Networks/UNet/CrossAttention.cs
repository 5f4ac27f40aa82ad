using Dramatis.Conditioning;
using Dramatis.Tensors;
using TorchSharp.Modules;
using static Dramatis.Tensors.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Networks.UNet;

/// <summary>Multi-head attention from image cells to text tokens, with the conditioning seam.</summary>
/// <remarks>Shapes: B batch, N cells, L text tokens, C width, E text width, H heads, D = C / H.</remarks>
internal sealed class CrossAttention : Module<Tensor, Grid, StepContext, Tensor>
{
    /// <summary>What a layer calls these weights, after its path.</summary>
    public static readonly IReadOnlyList<string> KeysAndValues = [".to_k.weight", ".to_v.weight"];

    public static readonly IReadOnlyList<string> AllWeights = [.. KeysAndValues, ".to_q.weight", ".to_out.0.weight", ".to_out.0.bias"];

    private readonly AttentionSite site;
    private readonly Linear to_q;
    private readonly Linear to_k;
    private readonly Linear to_v;
    private readonly ModuleList<Linear> to_out;

    public CrossAttention(AttentionSite site, int textWidth)
        : base(nameof(CrossAttention))
    {
        this.site = site;
        to_q = Linear(site.Width, site.Width, hasBias: false);
        to_k = Linear(textWidth, site.Width, hasBias: false);
        to_v = Linear(textWidth, site.Width, hasBias: false);
        to_out = new ModuleList<Linear>(Linear(site.Width, site.Width));
        RegisterComponents();
    }

    public override Tensor forward(Tensor cells, Grid grid, StepContext context)
    {
        using var scope = NewDisposeScope();
        var call = new AttentionCall(site, context.Step, grid);

        var q = SplitHeads(to_q.forward(cells));    // (B, N, C) -> (B, H, N, D)
        var (k, v) = context.TextKeys?.At(site, context.Text, Project) ?? Project(context.Text);
        if (context.FirstTextFixed)
        {
            (k, v) = (WithoutGradientAtFirst(k), WithoutGradientAtFirst(v));
        }

        var mixed = Attend(q, k, v, context.Session.LogitEditAt(call), context.Session.ProbeAt(call));
        if (context.Session.BranchAt(call) is { } branch)
        {
            mixed += branch(q);                     // (B, H, N, D)
        }

        return to_out[0].forward(MergeHeads(mixed)).MoveToOuterDisposeScope();
    }

    private static Tensor Attend(Tensor q, Tensor k, Tensor v, LogitEdit? edit, AttentionProbe? probe)
    {
        if (edit is null && probe is null)
        {
            return functional.scaled_dot_product_attention(q, k, v);
        }

        // In single precision at least, as inside the fused kernel: in half, logits of some models overflow.
        var logits = q.Widen().matmul(k.Widen().transpose(-2, -1)) / Math.Sqrt(q.shape[^1]);    // (B, H, N, L)
        var weights = (edit?.Invoke(logits) ?? logits).softmax(dim: -1);
        probe?.Invoke(weights);
        return weights.to(v.dtype).matmul(v);
    }

    // (B, L, E) -> (B, H, L, D)
    private (Tensor Key, Tensor Value) Project(Tensor text) => (SplitHeads(to_k.forward(text)), SplitHeads(to_v.forward(text)));

    private static Tensor WithoutGradientAtFirst(Tensor x) => cat([x.narrow(2, 0, 1).detach(), x.narrow(2, 1, x.shape[2] - 1)], dim: 2);

    private Tensor SplitHeads(Tensor x) => x.unflatten(2, site.Heads, -1).transpose(1, 2);

    private static Tensor MergeHeads(Tensor x) => x.transpose(1, 2).flatten(start_dim: 2);
}
