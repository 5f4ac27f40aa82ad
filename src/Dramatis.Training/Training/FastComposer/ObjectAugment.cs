using Dramatis.Methods.FastComposer;
using static TorchSharp.torch;

namespace Dramatis.Training.FastComposer;

/// <summary>References of a training: made square and changed.</summary>
/// <remarks>Shapes: H x W pixels, S pixels a side. Between any two steps colours are whole numbers from 0 to 255.</remarks>
internal static class ObjectAugment
{
    private const int BlurReach = 2;

    /// <summary>A reference as the image encoder takes it: colours from 0 to 1 (3, S, S).</summary>
    /// <param name="colours">Whole numbers from 0 to 255 (3, H, W).</param>
    /// <param name="draws">Null only makes it square.</param>
    public static Tensor Apply(Tensor colours, int side, AugmentDraws? draws)
    {
        using var scope = NewDisposeScope();
        var changed = Steps(side, draws ?? new()).Aggregate(colours, (sofar, step) => step.Apply(sofar));
        return (changed / 255).MoveToOuterDisposeScope();
    }

    /// <summary>What is done, in order, by the names of the reference's operations.</summary>
    public static IReadOnlyList<(string Name, Func<Tensor, Tensor> Apply)> Steps(int side, AugmentDraws draws)
    {
        var steps = new List<(string, Func<Tensor, Tensor>)>();
        Add(draws.Zoom is not null, "zoomin", colours => ZoomIn(colours, draws.Zoom!.Value));
        Add(true, "pad", ObjectPixels.PadToSquare);
        Add(true, "resize", colours => ObjectPixels.Resize(colours, side, side));
        Add(draws.Angle is not null, "rotate", colours => PictureWarp.Rotate(colours, draws.Angle!.Value));
        Add(draws.Jitter is not null, "jitter", colours => draws.Jitter!.Apply(colours));
        Add(draws.Blur is not null, "blur", colours => GaussianBlur.Apply(colours, BlurReach, draws.Blur!.Value).round());
        Add(draws.Grey, "gray", colours => ColourJitter.Grey(colours).expand(3, -1, -1));
        Add(draws.Mirror, "flip", colours => colours.flip(2));
        Add(draws.Elastic is not null, "elastic", colours => PictureWarp.Shift(
            colours, PictureWarp.Elastic(tensor([.. draws.Elastic!], device: colours.device).view(2, side, side))));
        return steps;

        void Add(bool isDone, string name, Func<Tensor, Tensor> apply)
        {
            if (isDone)
            {
                steps.Add((name, apply));
            }
        }
    }

    // No more than the head and shoulders of what is tall.
    private static Tensor ZoomIn(Tensor colours, double factor)
    {
        var (height, width) = ((long)(factor * colours.shape[1]), (long)(factor * colours.shape[2]));
        var zoomed = ObjectPixels.Resize(colours, height, width);
        return height > width ? zoomed.narrow(1, 0, width) : zoomed;
    }
}
