using Dramatis.Tensors;
using static TorchSharp.torch;

namespace Dramatis.Conditioning;

/// <summary>Places as cells of a feature map.</summary>
/// <remarks>Shapes: B rows, n places, W x H cells.</remarks>
internal static class BoxCells
{
    /// <summary>Which cells boxes cover, those that they only touch too (B, n, H, W), on the boxes' device.</summary>
    /// <param name="boxes">Left, top, right, bottom as fractions of the picture (B, n, 4); single precision, as MS-Diffusion rounds in it.</param>
    public static Tensor Cover(Tensor boxes, Grid grid)
    {
        using var scope = NewDisposeScope();
        var across = Along(boxes.select(-1, 0), boxes.select(-1, 2), grid.Width);
        var down = Along(boxes.select(-1, 1), boxes.select(-1, 3), grid.Height);
        return (down.unsqueeze(-1) & across.unsqueeze(-2)).MoveToOuterDisposeScope();
    }

    // (B, n, cells)
    private static Tensor Along(Tensor start, Tensor end, int cells)
    {
        var cell = arange(cells, ScalarType.Float32, start.device);
        return (cell >= (start * cells).floor().unsqueeze(-1)) & (cell < (end * cells).ceil().unsqueeze(-1));
    }
}
