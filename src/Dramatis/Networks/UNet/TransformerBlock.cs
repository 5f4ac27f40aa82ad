using Dramatis.Conditioning;
using Dramatis.Tensors;
using TorchSharp.Modules;
using static Dramatis.Tensors.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Networks.UNet;

/// <summary>Attention of the cells to themselves, or to the text, cross-attention to the text, feed-forward, each normed before and around a residual.</summary>
/// <remarks>Shapes: B batch, N cells, L text tokens, C width, E text width, H heads, D = C / H.</remarks>
internal sealed class TransformerBlock : Module<Tensor, Grid, StepContext, Tensor>
{
    private readonly LayerNorm norm1;
    private readonly FirstAttention attn1;
    private readonly LayerNorm norm2;
    private readonly CrossAttention attn2;
    private readonly LayerNorm norm3;
    private readonly FeedForward ff;

    /// <param name="onlyCross">Whether the first attention reads the text, as the second does.</param>
    public TransformerBlock(AttentionSite site, int textWidth, bool onlyCross)
        : base(nameof(TransformerBlock))
    {
        norm1 = LayerNorm(site.Width);
        attn1 = new FirstAttention(site.Width, site.Heads, onlyCross ? textWidth : null);
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
        var x = norm1.forward(cells).Then(normed => attn1.forward(normed, context.Text)).Plus(cells);
        x = norm2.forward(x).Then(normed => attn2.forward(normed, grid, context)).Plus(x);
        return norm3.forward(x).Then(ff.forward).Plus(x).MoveToOuterDisposeScope();
    }

    private sealed class FirstAttention : Module<Tensor, Tensor, Tensor>
    {
        private readonly Linear to_q;
        private readonly Linear to_k;
        private readonly Linear to_v;
        private readonly ModuleList<Linear> to_out;
        private readonly int heads;
        private readonly bool readsText;

        public FirstAttention(int width, int heads, int? textWidth)
            : base(nameof(FirstAttention))
        {
            this.heads = heads;
            readsText = textWidth is not null;
            to_q = Linear(width, width, hasBias: false);
            to_k = Linear(textWidth ?? width, width, hasBias: false);
            to_v = Linear(textWidth ?? width, width, hasBias: false);
            to_out = new ModuleList<Linear>(Linear(width, width));
            RegisterComponents();
        }

        // (B, N, C) and (B, L, E) to (B, N, C)
        public override Tensor forward(Tensor cells, Tensor text)
        {
            using var scope = NewDisposeScope();
            var read = readsText ? text : cells;
            var mixed = functional.scaled_dot_product_attention(
                SplitHeads(to_q.forward(cells)), SplitHeads(to_k.forward(read)), SplitHeads(to_v.forward(read)));
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
