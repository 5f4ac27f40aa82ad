using static TorchSharp.torch;

namespace Dramatis.Networks.Resampler;

/// <summary>Sines and cosines of numbers between 0 and 1, so that a linear layer can tell small differences.</summary>
internal static class FourierPlaces
{
    /// <summary>Boxes (M, 4) to (M, 8 K): for each frequency 100^(k/K), four sines, then four cosines.</summary>
    /// <remarks>As GLIGEN (arXiv 2301.07093) and MS-Diffusion do; there is no factor of 2π.</remarks>
    public static Tensor OfBoxes(Tensor boxes, int frequencies)
    {
        using var scope = NewDisposeScope();
        var f = tensor(100f, device: boxes.device).pow(arange(frequencies, ScalarType.Float32, boxes.device) / frequencies);
        var angles = f.view(1, -1, 1) * boxes.unsqueeze(1);                            // (M, K, 4)
        return stack([angles.sin(), angles.cos()], dim: 2).flatten(1).MoveToOuterDisposeScope();    // (M, K, 2, 4) -> (M, 8 K)
    }

    /// <summary>The centres of the g x g cells of each box (M, 4), as places in the picture, to (M, g g, 16).</summary>
    /// <remarks>Sine and cosine of π 2^k x for k = 0 to 3, for both directions.</remarks>
    public static Tensor OfCells(Tensor boxes, int grid)
    {
        using var scope = NewDisposeScope();
        var centre = (arange(grid, ScalarType.Float32, boxes.device) + 0.5) / grid;
        var x = Along(boxes.select(1, 0), boxes.select(1, 2)).unsqueeze(1).expand(-1, grid, -1);     // (M, g, g), by column
        var y = Along(boxes.select(1, 1), boxes.select(1, 3)).unsqueeze(2).expand(-1, -1, grid);     // (M, g, g), by row
        var places = stack([x, y], dim: -1).view(boxes.shape[0], grid * grid, 1, 2);                 // (M, g g, 1, 2)
        var f = Math.PI * tensor(2f, device: boxes.device).pow(arange(4, ScalarType.Float32, boxes.device)).view(-1, 1);
        var angles = f * places;                                                                     // (M, g g, 4, 2)
        return cat([angles.sin(), angles.cos()], dim: -1).flatten(2).MoveToOuterDisposeScope();

        Tensor Along(Tensor start, Tensor end) => start.unsqueeze(1) + ((end - start).unsqueeze(1) * centre);
    }
}
