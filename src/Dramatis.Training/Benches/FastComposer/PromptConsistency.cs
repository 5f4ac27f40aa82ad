using Dramatis.Benches.Metrics;
using Dramatis.Networks.Clip;
using Dramatis.Pictures;
using Dramatis.Tensors;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Benches.FastComposer;

/// <summary>How well pictures keep to their prompt, as the published evaluation measures it: cosines in CLIP's space, neither scaled nor clamped.</summary>
/// <remarks>Shapes: B pictures, H x W pixels, S pixels along one side of what CLIP sees.</remarks>
internal static class PromptConsistency
{
    /// <param name="antialias">Pictures are averaged when they get smaller, as since torchvision 0.17; before, pixels were left out.</param>
    public static IReadOnlyList<double> Of(ClipScorer scorer, IReadOnlyList<Picture> pictures, string prompt, bool antialias)
    {
        using var held = FinalizerHold.Take();
        using var scope = NewDisposeScope();
        var text = scorer.TextFeatures([prompt]);
        return [.. pictures.Select(picture =>
        {
            var colours = tensor(picture.ToRgb()).view(1, picture.Height, picture.Width, 3).permute(0, 3, 1, 2).to(float32) / 255;
            return FeatureScores.Cosines(scorer.PixelFeatures(Pixels(colours, scorer.Side, antialias)), text).item<double>();
        })];
    }

    /// <summary>As CLIP takes them (B, 3, S, S): the shorter side to its size, the middle cut out; nothing is rounded or clamped in between.</summary>
    /// <param name="colours">From 0 to 1 (B, 3, H, W).</param>
    public static Tensor Pixels(Tensor colours, int side, bool antialias)
    {
        using var scope = NewDisposeScope();
        var size = new PixelSize((int)colours.shape[3], (int)colours.shape[2]);
        var (sized, square) = CentreCrop.Plan(size, side, side, CropOffset.HalfToEven);
        var scaled = sized == size ? colours : functional.interpolate(
            colours, [sized.Height, sized.Width], mode: InterpolationMode.Bicubic, align_corners: false, antialias: antialias);
        var middle = scaled.narrow(2, square.Top, side).narrow(3, square.Left, side);
        return ClipPixels.Normalise(middle.permute(0, 2, 3, 1) * 255).MoveToOuterDisposeScope();
    }
}
