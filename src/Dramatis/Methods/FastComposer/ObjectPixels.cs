using Dramatis.Networks.Clip;
using Dramatis.Pictures;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Methods.FastComposer;

/// <summary>References as the image encoder reads them: whole, on a square.</summary>
/// <remarks>Shapes: M pictures, H x W pixels, S pixels a side. The reference cuts nothing out and knows no alpha.</remarks>
internal static class ObjectPixels
{
    // The mean of the noise that training puts behind subjects.
    private static readonly Rgb Ground = Rgb.Gray(127);

    /// <summary>What of a picture is shown: with alpha only what can be seen, on grey.</summary>
    /// <param name="compat">All of it, whatever its alpha, as the reference does.</param>
    public static Picture Shown(Picture reference, bool compat) =>
        compat || !reference.HasAlpha ? reference.WithoutAlpha() : reference.CropToVisible().Over(Ground);

    /// <summary>On black made square, and resized; colours from 0 to 1 (3, S, S), each a whole number of 255ths.</summary>
    /// <remarks>An odd difference of the sides leaves the square one pixel short, and the resizing stretches it, as in the reference.</remarks>
    public static Tensor Square(Picture picture, int side, Device device)
    {
        using var scope = NewDisposeScope();
        return (Resize(PadToSquare(Colours(picture, device)), side, side) / 255).MoveToOuterDisposeScope();
    }

    /// <summary>Colours of a picture, whole numbers from 0 to 255 (3, H, W).</summary>
    public static Tensor Colours(Picture picture, Device device)
    {
        using var scope = NewDisposeScope();
        return tensor(picture.ToRgb(), device: device).view(picture.Height, picture.Width, 3).permute(2, 0, 1).to(float32).MoveToOuterDisposeScope();
    }

    /// <summary>As the encoder takes them (M, 3, S, S).</summary>
    /// <param name="colours">From 0 to 1 (M, 3, H, W); resized where the encoder reads another size.</param>
    public static Tensor Normalise(Tensor colours, int side)
    {
        using var scope = NewDisposeScope();
        var sized = colours.shape[2] == side && colours.shape[3] == side ? colours : Interpolate(colours, side, side);
        return ClipPixels.Normalise(sized.permute(0, 2, 3, 1) * 255).MoveToOuterDisposeScope();
    }

    /// <summary>Zeros beside what is narrow, or above and below what is flat.</summary>
    public static Tensor PadToSquare(Tensor colours)
    {
        var (height, width) = (colours.shape[^2], colours.shape[^1]);
        var (across, down) = (Math.Max(0, (height - width) / 2), Math.Max(0, (width - height) / 2));
        return functional.pad(colours, [across, across, down, down]);
    }

    /// <summary>Another size (C, H, W), averaged where it is smaller; whole numbers again.</summary>
    public static Tensor Resize(Tensor colours, long height, long width)
    {
        using var scope = NewDisposeScope();
        return Interpolate(colours.unsqueeze(0), height, width).squeeze(0).round().MoveToOuterDisposeScope();
    }

    private static Tensor Interpolate(Tensor colours, long height, long width) =>
        functional.interpolate(colours, [height, width], mode: InterpolationMode.Bilinear, align_corners: false, antialias: true);
}
