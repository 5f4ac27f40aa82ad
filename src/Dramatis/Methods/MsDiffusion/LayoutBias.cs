using Dramatis.Conditioning;
using Dramatis.Networks.Resampler;
using Dramatis.Tensors;
using static TorchSharp.torch;

namespace Dramatis.Methods.MsDiffusion;

/// <summary>The additive attention bias that lets each cell of a picture see only the tokens of the subjects that cover it.</summary>
/// <remarks>
/// MS-Diffusion (arXiv 2406.07209), section 3.3: a token of a subject whose place does not cover the cell gets -10000, a dummy
/// token gets -10000 wherever any subject covers the cell. With <see cref="Locality"/> a covered cell also loses
/// β |g (u - c)|² for the token of centre c, u being where the cell lies in the place.
/// Shapes: B rows, n subjects, W x H cells, N = W H, g token grid, Q tokens a subject, D dummies.
/// </remarks>
/// <param name="dummies">Tokens before those of the subjects, seen by uncovered cells only.</param>
/// <param name="tokens">Tokens of each subject.</param>
/// <param name="locality">Null when tokens stand for no place.</param>
internal sealed class LayoutBias(int dummies, int tokens, Locality? locality = null)
{
    // A place narrower than this has no inside to speak of.
    private const double Narrowest = 1e-4;

    /// <summary>The bias (B, 1, N, D + n Q) of one feature map, on the boxes' device.</summary>
    /// <param name="boxes">Left, top, right, bottom as fractions of the picture (B, n, 4); single precision, as the reference rounds in it.</param>
    public Tensor At(Tensor boxes, Grid grid)
    {
        using var scope = NewDisposeScope();
        return Of(BoxCells.Cover(boxes, grid), boxes).MoveToOuterDisposeScope();
    }

    /// <summary>The bias of subjects that cover any cells.</summary>
    /// <param name="cover">Which cells show each subject (B, n, H, W).</param>
    /// <param name="boxes">Where their tokens lie (B, n, 4); read with <see cref="Locality"/> only.</param>
    public Tensor Of(Tensor cover, Tensor boxes)
    {
        using var scope = NewDisposeScope();
        var (rows, subjects, grid) = (cover.shape[0], cover.shape[1], new Grid((int)cover.shape[3], (int)cover.shape[2]));
        var outside = Hide(cover.logical_not()).permute(0, 2, 3, 1).reshape(rows, grid.Cells, subjects, 1);    // (B, N, n, 1)
        var covered = Hide(cover.any(1)).view(rows, grid.Cells, 1);                                         // (B, N, 1)
        var seen = locality is null ? outside : outside + Near(locality, boxes, grid).view(rows, grid.Cells, subjects, -1);

        var bias = cat(
            [covered.expand(-1, -1, dummies), seen.expand(-1, -1, -1, tokens).flatten(2)], dim: -1);      // (B, N, D + n Q)
        return bias.unsqueeze(1).MoveToOuterDisposeScope();
    }

    /// <summary>The boxes (B, n, 4) around covered cells (B, n, H, W); all zero where there are none.</summary>
    public static Tensor Extent(Tensor cover)
    {
        using var scope = NewDisposeScope();
        var (left, right) = Along(cover.any(2));
        var (top, bottom) = Along(cover.any(3));
        return stack([left, top, right, bottom], dim: -1).MoveToOuterDisposeScope();

        static (Tensor First, Tensor Beyond) Along(Tensor taken)                                          // (B, n, cells)
        {
            var cells = taken.shape[^1];
            var number = arange(cells, ScalarType.Float32, taken.device);
            var first = number.expand_as(taken).masked_fill(taken.logical_not(), cells).amin([-1]);
            var beyond = ((number + 1) * taken).amax([-1]);
            return (minimum(first, beyond) / cells, beyond / cells);
        }
    }

    private static Tensor Hide(Tensor where) => where.to(ScalarType.Float32) * Locality.Hidden;

    // (B, H, W, n, g, g): tokens row by row.
    private static Tensor Near(Locality locality, Tensor boxes, Grid grid)
    {
        var across = Apart(boxes.select(-1, 0), boxes.select(-1, 2), grid.Width, locality.Grid).permute(0, 2, 1, 3);      // (B, W, n, g)
        var down = Apart(boxes.select(-1, 1), boxes.select(-1, 3), grid.Height, locality.Grid).permute(0, 2, 1, 3);      // (B, H, n, g)
        return locality.Bias(down.unsqueeze(2).unsqueeze(-1) + across.unsqueeze(1).unsqueeze(-2));
    }

    // Along places from start to end: squared distance of each cell to each of g tokens (B, n, cells, g), in tokens' sides.
    private static Tensor Apart(Tensor start, Tensor end, int cells, int tokens)
    {
        var centres = (arange(cells, ScalarType.Float32, start.device) + 0.5) / cells;
        var length = (end - start).unsqueeze(-1).clamp(min: Narrowest);

        // Cells that only touch the place count as its edge.
        var u = ((centres - start.unsqueeze(-1)) / length).clamp(0, 1).unsqueeze(-1);
        return ((tokens * u) - (arange(tokens, ScalarType.Float32, start.device) + 0.5)).square();
    }
}
