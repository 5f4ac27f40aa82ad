using static Dramatis.Tensors.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Networks.Dino;

/// <summary>Self-attention of all tokens.</summary>
/// <remarks>Shapes: B pictures, T tokens, C width, H heads, D = C / H.</remarks>
internal sealed class DinoAttention : Module<Tensor, Tensor>
{
    private readonly SelfAttention attention;
    private readonly Dense output;

    public DinoAttention(DinoConfig config)
        : base(nameof(DinoAttention))
    {
        attention = new SelfAttention(config);
        output = new Dense(config.Width, config.Width);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        return output.forward(attention.forward(x)).MoveToOuterDisposeScope();
    }

    private sealed class SelfAttention : Module<Tensor, Tensor>
    {
        private readonly Linear query;
        private readonly Linear key;
        private readonly Linear value;
        private readonly int heads;

        public SelfAttention(DinoConfig config)
            : base(nameof(SelfAttention))
        {
            heads = config.Heads;
            query = Linear(config.Width, config.Width);
            key = Linear(config.Width, config.Width);
            value = Linear(config.Width, config.Width);
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            using var scope = NewDisposeScope();
            var mixed = functional.scaled_dot_product_attention(
                SplitHeads(query.forward(x)), SplitHeads(key.forward(x)), SplitHeads(value.forward(x)));    // (B, H, T, D)
            return mixed.transpose(1, 2).flatten(start_dim: 2).MoveToOuterDisposeScope();
        }

        private Tensor SplitHeads(Tensor x) => x.unflatten(2, heads, -1).transpose(1, 2);
    }
}

/// <summary>A linear layer that checkpoints call <c>dense</c>.</summary>
internal sealed class Dense : Module<Tensor, Tensor>
{
    private readonly Linear dense;

    public Dense(int from, int to)
        : base(nameof(Dense))
    {
        dense = Linear(from, to);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => dense.forward(x);
}
