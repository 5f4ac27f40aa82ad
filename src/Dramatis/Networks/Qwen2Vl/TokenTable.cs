using Dramatis.Tensors;
using TorchSharp.Modules;
using static Dramatis.Tensors.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Networks.Qwen2Vl;

/// <summary>One learned row for each token. A tenth of all weights, of which a text reads a few rows: they stay in half precision.</summary>
internal sealed class TokenTable : Module<Tensor, Tensor>, INarrowLayer
{
    private const double StartDeviation = 0.02;

    private readonly Parameter weight;

    public TokenTable(int rows, int width)
        : base(nameof(TokenTable))
    {
        weight = Normal(StartDeviation, rows, width);
        RegisterComponents();
    }

    Parameter INarrowLayer.Weight => weight;

    /// <summary>The products of states (N, C) with all rows (N, V).</summary>
    public Tensor Likeness(Tensor states)
    {
        using var scope = NewDisposeScope();
        return states.matmul(weight.to(states.dtype).t()).MoveToOuterDisposeScope();
    }

    /// <summary>The rows of ids (B, L), as they are stored (B, L, C).</summary>
    public override Tensor forward(Tensor ids)
    {
        using var scope = NewDisposeScope();
        return weight.index_select(0, ids.flatten()).view([.. ids.shape, -1]).MoveToOuterDisposeScope();
    }
}
