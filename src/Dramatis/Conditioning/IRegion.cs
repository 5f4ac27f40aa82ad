using Dramatis.Tensors;
using static TorchSharp.torch;

namespace Dramatis.Conditioning;

/// <summary>Where image tokens act: a factor for each cell.</summary>
internal interface IRegion
{
    /// <summary>The factors of the cells of a feature map, row by row: (1, 1, N, 1) for all rows alike, or (B, 1, N, 1).</summary>
    /// <param name="device">Null is the processor.</param>
    Tensor At(Grid grid, Device? device = null);
}
