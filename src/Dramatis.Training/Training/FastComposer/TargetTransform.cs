using Dramatis.Methods.FastComposer;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Training.FastComposer;

/// <summary>A picture to learn from, and whose pixels are whose, on a square: what is wide is cut, what is tall gets borders.</summary>
/// <remarks>Shapes: H x W pixels, S pixels a side.</remarks>
internal static class TargetTransform
{
    /// <summary>Pixels from -1 to 1 (3, S, S) and labels (S, S), whole numbers.</summary>
    /// <param name="colours">Whole numbers from 0 to 255 (3, H, W).</param>
    /// <param name="labels">(H, W)</param>
    /// <param name="mirror">Left and right exchanged.</param>
    /// <param name="blend">Labels of tall pictures are mixed like colours, and others come out, as in the reference.</param>
    public static (Tensor Pixels, Tensor Labels) Apply(Tensor colours, Tensor labels, int side, bool mirror, bool blend)
    {
        using var scope = NewDisposeScope();
        var (height, width) = Sized(colours, side);
        var picture = ObjectPixels.Resize(colours, height, width);
        var map = Nearest(labels.unsqueeze(0).to(float32), height, width);
        if (mirror)
        {
            (picture, map) = (picture.flip(2), map.flip(2));
        }

        picture = Square(picture, ObjectPixels.Resize);
        map = Square(map, blend ? ObjectPixels.Resize : Nearest);
        return (((picture / 127.5) - 1).MoveToOuterDisposeScope(), map.squeeze(0).MoveToOuterDisposeScope());
    }

    /// <summary>Pixels from -1 to 1 (3, S, S) of a picture that has no labels.</summary>
    public static Tensor Apply(Tensor colours, int side, bool mirror)
    {
        using var scope = NewDisposeScope();
        var (height, width) = Sized(colours, side);
        var picture = ObjectPixels.Resize(colours, height, width);
        var square = Square(mirror ? picture.flip(2) : picture, ObjectPixels.Resize);
        return ((square / 255 * 2) - 1).MoveToOuterDisposeScope();
    }

    // The shorter side to the size, the longer one cut to whole pixels.
    private static (long Height, long Width) Sized(Tensor colours, int side)
    {
        var least = Math.Min(colours.shape[1], colours.shape[2]);
        return (side * colours.shape[1] / least, side * colours.shape[2] / least);
    }

    private static Tensor Square(Tensor sized, Func<Tensor, long, long, Tensor> resize)
    {
        var (height, width) = (sized.shape[1], sized.shape[2]);
        return height > width
            ? resize(ObjectPixels.PadToSquare(sized), width, width)
            : sized.narrow(2, (width - height) / 2, height);
    }

    private static Tensor Nearest(Tensor labels, long height, long width) =>
        functional.interpolate(labels.unsqueeze(0), [height, width], mode: InterpolationMode.Nearest).squeeze(0);
}
