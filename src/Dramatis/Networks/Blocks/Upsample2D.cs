using Dramatis.Tensors;
using TorchSharp.Modules;
using static Dramatis.Tensors.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Networks.Blocks;

/// <summary>Doubles a feature map by repeating cells, then convolves it.</summary>
/// <remarks>Shapes: (B, C, H, W) to (B, C, 2H, 2W), or to the given grid where the way down has rounded.</remarks>
public sealed class Upsample2D : Module<Tensor, Grid?, Tensor>
{
    private readonly Conv2d conv;

    public Upsample2D(int width)
        : base(nameof(Upsample2D))
    {
        conv = Conv2d(width, width, kernel: 3, padding: 1);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x, Grid? grid)
    {
        long[] size = grid is { } given ? [given.Height, given.Width] : [2 * x.shape[2], 2 * x.shape[3]];
        using var large = functional.interpolate(x, size, mode: InterpolationMode.Nearest);
        return conv.forward(large);
    }
}
