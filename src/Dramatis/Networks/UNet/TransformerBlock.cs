using Dramatis.Conditioning;
using Dramatis.Tensors;
using TorchSharp.Modules;
using static Dramatis.Tensors.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Networks.UNet;

/// <summary>Self-attention of the cells, cross-attention to the text, feed-forward, each normed before and around a residual.</summary>
/// <remarks>Shapes: B batch, N cells, C width, H heads, D = C / H.</remarks>
internal sealed class TransformerBlock : Module<Tensor, Grid, StepContext, Tensor>
{
    private readonly LayerNorm norm1;
    private readonly SelfAttention attn1;
    private readonly LayerNorm norm2;
    private readonly CrossAttention attn2;
    private readonly LayerNorm norm3;
    private readonly FeedForward ff;

    public TransformerBlock(AttentionSite site, int textWidth)
        : base(nameof(TransformerBlock))
    {
        norm1 = LayerNorm(site.Width);
        attn1 = new SelfAttention(site.Width, site.Heads);
        norm2 = LayerNorm(site.Width);
        attn2 = new CrossAttention(site, textWidth);
        norm3 = LayerNorm(site.Width);
        ff = new FeedForward(site.Width);
        RegisterComponents();
    }

    public override Tensor forward(Tensor cells, Grid grid, StepContext context)
    {
        using var scope = NewDisposeScope();
        context.Stop.ThrowIfCancellationRequested();

        // In place, as nothing else reads what the last linear layer of each gives.
        var x = norm1.forward(cells).Then(attn1.forward).Plus(cells);
        x = norm2.forward(x).Then(normed => attn2.forward(normed, grid, context)).Plus(x);
        return norm3.forward(x).Then(ff.forward).Plus(x).MoveToOuterDisposeScope();
    }

    private sealed class SelfAttention : Module<Tensor, Tensor>
    {
        private readonly Linear to_q;
        private readonly Linear to_k;
        private readonly Linear to_v;
        private readonly ModuleList<Linear> to_out;
        private readonly int heads;

        public SelfAttention(int width, int heads)
            : base(nameof(SelfAttention))
        {
            this.heads = heads;
            to_q = Linear(width, width, hasBias: false);
            to_k = Linear(width, width, hasBias: false);
            to_v = Linear(width, width, hasBias: false);
            to_out = new ModuleList<Linear>(Linear(width, width));
            RegisterComponents();
        }

        public override Tensor forward(Tensor cells)
        {
            using var scope = NewDisposeScope();
            var mixed = functional.scaled_dot_product_attention(
                SplitHeads(to_q.forward(cells)), SplitHeads(to_k.forward(cells)), SplitHeads(to_v.forward(cells)));
            return to_out[0].forward(mixed.transpose(1, 2).flatten(start_dim: 2)).MoveToOuterDisposeScope();
        }

        private Tensor SplitHeads(Tensor x) => x.unflatten(2, heads, -1).transpose(1, 2);    // (B, N, C) -> (B, H, N, D)
    }

    private sealed class FeedForward : Module<Tensor, Tensor>
    {
        private const int Factor = 4;

        private readonly ModuleList<Module<Tensor, Tensor>> net;

        public FeedForward(int width)
            : base(nameof(FeedForward))
        {
            // Between the two stands the reference's dropout, which no published model uses.
            net = new ModuleList<Module<Tensor, Tensor>>(
                new GatedGelu(width, Factor * width), Identity(), Linear(Factor * width, width));
            RegisterComponents();
        }

        public override Tensor forward(Tensor cells)
        {
            using var active = net[0].forward(cells);
            return net[2].forward(active);
        }
    }

    // Shazeer (2020), GEGLU: one half of the channels gates the other.
    private sealed class GatedGelu : Module<Tensor, Tensor>
    {
        private readonly Linear proj;

        public GatedGelu(int from, int to)
            : base(nameof(GatedGelu))
        {
            proj = Linear(from, 2 * to);
            RegisterComponents();
        }

        public override Tensor forward(Tensor cells)
        {
            using var scope = NewDisposeScope();
            var gate = Half(cells, 1).Then(half => functional.gelu(half));
            return Half(cells, 0).Then(half => half * gate).MoveToOuterDisposeScope();
        }

        // (B, N, C) to (B, N, 4 C). Each half by itself: gelu takes half as long again where another half lies between its rows.
        private Tensor Half(Tensor cells, int which) =>
            functional.linear(cells, proj.weight.chunk(2)[which].to(cells.dtype), proj.bias!.chunk(2)[which]);
    }
}
