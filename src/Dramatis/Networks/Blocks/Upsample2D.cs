using Dramatis.Tensors;
using static Dramatis.Tensors.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Networks.Blocks;

/// <summary>Doubles a feature map by repeating cells, then convolves it.</summary>
/// <remarks>
/// Shapes: (B, C, H, W) to (B, C, 2H, 2W), or to the given grid where the way down has rounded. Doubling is done in one go: a
/// 3 x 3 window over repeated cells meets at most 2 x 2 different ones, so that the same result is a transposed convolution of
/// stride 2 with sums of the weights, for 4/9 of the work and without the large map in between.
/// </remarks>
internal sealed class Upsample2D : Module<Tensor, Grid?, Tensor>
{
    // Along one axis: output 2i + 1 - t gets cell i with the sum of the weights k for which Sums[t][k] is 1.
    private static readonly int[][] Sums = [[0, 0, 1], [0, 1, 1], [1, 1, 0], [1, 0, 0]];

    private readonly Conv2d conv;

    public Upsample2D(int width)
        : base(nameof(Upsample2D))
    {
        conv = Conv2d(width, width, kernel: 3, padding: 1);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x, Grid? grid)
    {
        using var scope = NewDisposeScope();
        if (grid is { } given && (given.Height != 2 * x.shape[2] || given.Width != 2 * x.shape[3]))
        {
            var large = functional.interpolate(x, [given.Height, given.Width], mode: InterpolationMode.Nearest);
            return conv.forward(large).MoveToOuterDisposeScope();
        }

        if (NarrowConvolutions.AreOn)
        {
            // Backwards the transposed one is slow in bfloat16.
            var large = functional.interpolate(x, [2 * x.shape[2], 2 * x.shape[3]], mode: InterpolationMode.Nearest);
            return conv.forward(large).MoveToOuterDisposeScope();
        }

        return functional.conv_transpose2d(x, Kernel(x.dtype), conv.bias, strides: [2, 2], padding: [1, 1]).MoveToOuterDisposeScope();
    }

    // The weights (C, C, 3, 3), out first, become (C, C, 4, 4), in first.
    private Tensor Kernel(ScalarType type)
    {
        using var scope = NewDisposeScope();
        var sums = new float[9, 16];
        for (var (i, taps) = (0, 9 * 16); i < taps; i++)
        {
            var (from, to) = (i / 16, i % 16);
            sums[from, to] = Sums[to / 4][from / 3] * Sums[to % 4][from % 3];
        }

        var weight = conv.weight.Widen().flatten(2);
        var kernel = weight.matmul(tensor(sums, weight.dtype, weight.device));               // (C, C, 9) -> (C, C, 16)
        return kernel.unflatten(2, 4, 4).transpose(0, 1).to(type).MoveToOuterDisposeScope();
    }
}
