using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Pipelines;

/// <summary>How what is painted in a mask goes over into what is kept around it: inwards, so that what the mask keeps stays byte for byte.</summary>
/// <remarks>Shapes: H x W pixels.</remarks>
internal static class MaskEdge
{
    /// <summary>How much of the new picture is seen, 0 to 1 (1, 1, H, W).</summary>
    /// <param name="inside">1 in the mask, 0 outside (1, 1, H, W).</param>
    /// <param name="feather">Pixels from the edge until all of it is seen; in thinner parts their middle.</param>
    public static Tensor Of(Tensor inside, int feather)
    {
        using var scope = NewDisposeScope();
        var (depth, left) = (inside, inside);                                     // pixels from the edge, at most the feather
        for (var pixel = 1; pixel < feather; pixel++)
        {
            left = 1 - functional.max_pool2d(1 - left, 3, stride: 1, padding: 1);
            depth += left;
        }

        var deepest = feather > 1 ? functional.max_pool2d(depth, (2 * feather) - 1, stride: 1, padding: feather - 1) : inside;
        return (depth / deepest.clamp(min: 1)).MoveToOuterDisposeScope();
    }

    /// <summary>The new pixels in the mask, the old ones around it, all (1, 3, H, W).</summary>
    public static Tensor Join(Tensor old, Tensor painted, Tensor inside, int feather)
    {
        using var scope = NewDisposeScope();
        var seen = Of(inside, feather);
        return where(seen.ge(1), painted, old + (seen * (painted - old))).MoveToOuterDisposeScope();
    }
}
