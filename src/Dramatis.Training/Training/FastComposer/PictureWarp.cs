using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Training.FastComposer;

/// <summary>Pictures whose pixels are moved, as torchvision does it: what comes from outside is black.</summary>
/// <remarks>Shapes: H x W pixels, S pixels a side; grids (1, H, W, 2) say in parts of the picture, from -1 to 1, where a pixel comes from.</remarks>
internal static class PictureWarp
{
    private const double ElasticPixels = 50;
    private const double ElasticSigma = 5;
    private const int ElasticReach = 20;

    /// <summary>Turns about the middle; positive degrees are clockwise.</summary>
    public static Tensor Rotate(Tensor colours, double degrees)
    {
        using var scope = NewDisposeScope();
        var (height, width) = (colours.shape[1], colours.shape[2]);
        var turn = degrees * Math.PI / 180;
        var (cos, sin) = ((float)Math.Cos(turn), (float)Math.Sin(turn));
        var x = Centres(width, colours.device).view(1, -1);
        var y = Centres(height, colours.device).view(-1, 1);
        var grid = stack([((cos * x) + (sin * y)) / (0.5 * width), ((cos * y) - (sin * x)) / (0.5 * height)], dim: -1);
        return Sample(colours, grid.unsqueeze(0)).MoveToOuterDisposeScope();
    }

    /// <summary>Moves every pixel a little (3, S, S).</summary>
    /// <param name="displacement">By how much, (1, S, S, 2) in the units of a grid.</param>
    public static Tensor Shift(Tensor colours, Tensor displacement)
    {
        using var scope = NewDisposeScope();
        var (height, width) = (colours.shape[1], colours.shape[2]);
        var x = Centres(width, colours.device) / (0.5 * width);
        var y = Centres(height, colours.device) / (0.5 * height);
        var grid = stack([x.view(1, -1).expand(height, width), y.view(-1, 1).expand(height, width)], dim: -1);
        return Sample(colours, grid.unsqueeze(0) + displacement).MoveToOuterDisposeScope();
    }

    /// <summary>How far an elastic sheet moves (1, S, S, 2) that is pulled at random.</summary>
    /// <param name="noise">In [0, 1), (2, S, S): across and down.</param>
    public static Tensor Elastic(Tensor noise)
    {
        using var scope = NewDisposeScope();
        var smooth = GaussianBlur.Apply((noise * 2) - 1, ElasticReach, ElasticSigma);
        return (smooth * ElasticPixels / noise.shape[1]).permute(1, 2, 0).unsqueeze(0).MoveToOuterDisposeScope();
    }

    // How far the pixels' centres are from the middle.
    private static Tensor Centres(long count, Device device) => linspace((1 - count) * 0.5, (count - 1) * 0.5, count, dtype: float32, device: device);

    // The reference multiplies by the coverage though outside is black already, so that borders fade twice: kept for parity.
    private static Tensor Sample(Tensor colours, Tensor grid)
    {
        var covered = cat([colours, ones_like(colours[..1])]).unsqueeze(0);         // (1, 4, H, W)
        var moved = functional.grid_sample(covered, grid, GridSampleMode.Bilinear, GridSamplePaddingMode.Zeros, align_corners: false).squeeze(0);
        return (moved[..3] * moved[3..]).round();
    }
}
