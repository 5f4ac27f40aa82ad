using static TorchSharp.torch;

namespace Dramatis.Networks.Dino;

/// <summary>Learned positions of a square of patches, moved to a rectangle.</summary>
/// <remarks>
/// Transformers gives the bicubic filter the new size. The original code gives it a factor of (new + 0.1) / old, so that rounding cannot lose a row,
/// and that factor, not the ratio of the sizes, places the points where the filter reads: its features differ away from the learned size.
/// </remarks>
internal static class DinoPositions
{
    private const double OriginalExcess = 0.1;

    /// <param name="learned">(1, 1 + S², C), the class token's first.</param>
    /// <returns>(1, 1 + h w, C)</returns>
    public static Tensor For(Tensor learned, int height, int width, bool original)
    {
        var side = (int)Math.Sqrt(learned.shape[1] - 1);
        if (height == side && width == side)
        {
            return learned.alias();
        }

        using var scope = NewDisposeScope();
        var square = learned[.., 1..].unflatten(1, side, side).permute(0, 3, 1, 2);    // (1, C, S, S)
        var moved = original
            ? nn.functional.interpolate(
                square,
                scale_factor: [(height + OriginalExcess) / side, (width + OriginalExcess) / side],
                mode: InterpolationMode.Bicubic,
                align_corners: false)
            : nn.functional.interpolate(square, [height, width], mode: InterpolationMode.Bicubic, align_corners: false);
        return cat([learned[.., ..1], moved.flatten(2).transpose(1, 2)], dim: 1).MoveToOuterDisposeScope();
    }
}
