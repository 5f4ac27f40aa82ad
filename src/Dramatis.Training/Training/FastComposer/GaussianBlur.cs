using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Training.FastComposer;

/// <summary>A blur whose borders are mirrored.</summary>
internal static class GaussianBlur
{
    /// <summary>Blurs each channel (C, H, W) on its own, across and down.</summary>
    /// <param name="reach">Pixels on either side that count; fewer where there are no more to mirror.</param>
    /// <param name="sigma">Pixels.</param>
    public static Tensor Apply(Tensor x, int reach, double sigma)
    {
        using var scope = NewDisposeScope();
        var most = (int)Math.Min(reach, Math.Min(x.shape[1], x.shape[2]) - 1);
        var at = arange(-most, most + 1, dtype: float32, device: x.device);
        var weights = (-0.5 * (at / sigma).square()).exp();
        var line = weights / weights.sum();
        var padded = functional.pad(x.unsqueeze(1), [most, most, most, most], PaddingModes.Reflect);              // (C, 1, H + 2r, W + 2r)
        var across = functional.conv2d(padded, line.view(1, 1, 1, -1));
        return functional.conv2d(across, line.view(1, 1, -1, 1)).squeeze(1).MoveToOuterDisposeScope();
    }
}
