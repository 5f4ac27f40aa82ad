using Dramatis.Conditioning;
using Dramatis.Tensors;
using static TorchSharp.torch;

namespace Dramatis.Training.IpAdapter;

/// <summary>A region of its own for each row of a batch.</summary>
/// <param name="rows">Null acts nowhere.</param>
internal sealed class RegionRows(IReadOnlyList<RegionMask?> rows) : IRegion
{
    public Tensor At(Grid grid, Device? device = null)
    {
        using var scope = NewDisposeScope();
        return cat([.. rows.Select(row => row?.At(grid, device) ?? zeros(1, 1, grid.Cells, 1, device: device))]).MoveToOuterDisposeScope();    // (B, 1, N, 1)
    }
}
