using static TorchSharp.torch;

namespace Dramatis.Training.FastComposer;

/// <summary>Masks on the grids of feature maps, softened at their edges: bilinear with antialias.</summary>
/// <remarks>
/// The loss divides by what a mask leaves free, plus 1e-5. Of a mask that is full that is what rounding leaves, so that the order of the additions
/// counts: weights are normalised in single precision, rows come before columns, taps one after the other and not fused, as in the reference's library.
/// </remarks>
internal static class SoftMasks
{
    /// <summary>Resized (B, O, h, w), without gradients.</summary>
    /// <param name="masks">(B, O, H, W), 0 or 1.</param>
    public static Tensor At(Tensor masks, int height, int width)
    {
        var (rows, columns) = ((int)masks.shape[2], (int)masks.shape[3]);
        var images = (int)(masks.shape[0] * masks.shape[1]);
        var across = Resize(masks.detach().cpu().contiguous().data<float>().ToArray(), images * rows, columns, 1, Taps(columns, width));
        var both = Resize(across, images, rows, width, Taps(rows, height));
        return tensor(both, device: masks.device).view(masks.shape[0], masks.shape[1], height, width);
    }

    // Along one axis: (outer, size, inner) -> (outer, taps, inner).
    private static float[] Resize(float[] from, int outer, int size, int inner, (int First, float[] Weights)[] taps)
    {
        var to = new float[outer * taps.Length * inner];
        for (var o = 0; o < outer; o++)
        {
            for (var t = 0; t < taps.Length; t++)
            {
                var (first, weights) = taps[t];
                for (var i = 0; i < inner; i++)
                {
                    var at = (((o * size) + first) * inner) + i;
                    var sum = from[at] * weights[0];
                    for (var w = 1; w < weights.Length; w++)
                    {
                        sum += from[at + (w * inner)] * weights[w];
                    }

                    to[(((o * taps.Length) + t) * inner) + i] = sum;
                }
            }
        }

        return to;
    }

    private static (int First, float[] Weights)[] Taps(int from, int to)
    {
        var scale = (float)from / to;
        var reach = Math.Max(scale, 1f);
        var invert = scale >= 1 ? 1 / scale : 1f;
        return
        [
            .. Enumerable.Range(0, to).Select(i =>
            {
                var centre = (float)(scale * (i + .5));
                var first = Math.Max((int)(centre - reach + .5), 0);
                var last = Math.Min((int)(centre + reach + .5), from);
                float[] weights = [.. Enumerable.Range(first, last - first).Select(x => Triangle((float)((x - centre + .5) * invert)))];
                var total = weights.Aggregate(0f, (sum, weight) => sum + weight);
                return (first, Array.ConvertAll(weights, weight => weight / total));
            }),
        ];
    }

    private static float Triangle(float x) => Math.Abs(x) < 1 ? (float)(1.0 - Math.Abs(x)) : 0;
}
