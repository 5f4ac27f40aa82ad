using static Dramatis.Tensors.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Networks.Blocks;

/// <summary>Halves a feature map by a convolution of stride 2.</summary>
/// <remarks>
/// Shapes: (B, C, H, W) to (B, C, H/2, W/2), rounded up when symmetric and down when not. A UNet pads on all sides; a VAE pads
/// on the right and at the bottom only, which shifts every window by one cell.
/// </remarks>
internal sealed class Downsample2D : Module<Tensor, Tensor>
{
    private readonly Conv2d conv;
    private readonly bool symmetric;

    public Downsample2D(int width, bool symmetric)
        : base(nameof(Downsample2D))
    {
        this.symmetric = symmetric;
        conv = Conv2d(width, width, kernel: 3, stride: 2, padding: symmetric ? 1 : 0);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        if (symmetric)
        {
            return conv.forward(x);
        }

        using var padded = functional.pad(x, [0, 1, 0, 1]);    // (B, C, H + 1, W + 1)
        return conv.forward(padded);
    }
}
