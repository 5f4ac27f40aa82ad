using static TorchSharp.torch;

namespace Dramatis.Networks.Vae;

/// <summary>A feature map in overlapping tiles of one size: memory then depends on the tile, not on the picture.</summary>
/// <remarks>
/// Where tiles overlap, each counts the more the further inside it a point lies. A map no larger than a tile is one tile, the same to the bit as
/// without. Shapes: (B, C, H, W) to (B, D, s H, s W).
/// </remarks>
/// <param name="Cells">Latent cells along one side of a tile.</param>
/// <param name="Overlap">Cells that neighbours share at least; fewer than <paramref name="Cells"/>.</param>
internal sealed record VaeTiles(int Cells = 64, int Overlap = 16)
{
    /// <summary>The network's result, put together from those of the tiles.</summary>
    /// <param name="cell">Points of <paramref name="x"/> along one side of a latent cell: 1 for latents, the VAE's factor for pixels.</param>
    public Tensor Map(Tensor x, int cell, Func<Tensor, Tensor> network)
    {
        var (height, width) = ((int)x.shape[2] / cell, (int)x.shape[3] / cell);
        if (height <= Cells && width <= Cells)
        {
            return network(x);
        }

        using var scope = NewDisposeScope();
        var (tall, wide) = (Math.Min(height, Cells), Math.Min(width, Cells));
        Tensor? sum = null, total = null;                                                      // (B, D, s H, s W), (1, 1, s H, s W)
        foreach (var (top, left) in from top in Starts(height) from left in Starts(width) select (top, left))
        {
            using var inner = NewDisposeScope();
            var tile = network(x[.., .., (top * cell)..((top + tall) * cell), (left * cell)..((left + wide) * cell)]);
            var scale = (int)tile.shape[2] / tall;
            var weight = Ramp(tall, scale, tile.device).unsqueeze(-1) * Ramp(wide, scale, tile.device);    // (tall s, wide s)
            sum ??= zeros([tile.shape[0], tile.shape[1], height * scale, width * scale], tile.dtype, tile.device).MoveToOuterDisposeScope();
            total ??= zeros([1, 1, height * scale, width * scale], tile.dtype, tile.device).MoveToOuterDisposeScope();
            var (rows, columns) = ((top * scale)..((top + tall) * scale), (left * scale)..((left + wide) * scale));
            sum[.., .., rows, columns].add_(tile * weight);
            total[.., .., rows, columns].add_(weight);
        }

        return (sum! / total!).MoveToOuterDisposeScope();
    }

    // The last tile ends where the map does, so that all are of one size.
    private IEnumerable<int> Starts(int length)
    {
        var start = 0;
        for (; start + Cells < length; start += Cells - Overlap)
        {
            yield return start;
        }

        yield return Math.Max(0, length - Cells);
    }

    // Rises over the overlap, never to nothing: the picture's own edge has one tile only.
    private Tensor Ramp(int cells, int scale, Device device)
    {
        var (length, rise) = (cells * scale, Math.Max(1, Overlap * scale));
        return tensor(Enumerable.Range(0, length).Select(i => Math.Min(1f, (Math.Min(i, length - 1 - i) + .5f) / rise)).ToArray(), device: device);
    }
}
