using TorchSharp.Modules;
using static Dramatis.Tensors.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Networks.Clip;

/// <summary>One learned row for each id.</summary>
/// <remarks>Starts small, as CLIP does: rows that are seldom seen then need not unlearn much. The library's own class cannot be built without memory.</remarks>
internal sealed class EmbeddingTable : Module<Tensor, Tensor>
{
    private const double StartDeviation = 0.02;

    private readonly Parameter weight;

    public EmbeddingTable(int rows, int width)
        : base(nameof(EmbeddingTable))
    {
        weight = Normal(StartDeviation, rows, width);
        RegisterComponents();
    }

    /// <summary>All rows (R, C).</summary>
    public Tensor Rows => weight;

    /// <summary>The rows of the ids: (…) to (…, C).</summary>
    public override Tensor forward(Tensor ids)
    {
        using var scope = NewDisposeScope();
        return weight.index_select(0, ids.flatten()).view([.. ids.shape, -1]).MoveToOuterDisposeScope();
    }
}
