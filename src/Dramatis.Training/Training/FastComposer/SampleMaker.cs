using Dramatis.Methods.FastComposer;
using Dramatis.Tensors;
using Dramatis.Tokenizers;
using static TorchSharp.torch;
using Picture = Dramatis.Pictures.Picture;

namespace Dramatis.Training.FastComposer;

/// <summary>Labelled pictures to samples.</summary>
/// <remarks>Shapes: S pixels along one side of the picture, R of a reference; O subjects at most.</remarks>
/// <param name="tokenizer">With the cleaning that the weights are trained for.</param>
internal sealed class SampleMaker(ClipTokenizer tokenizer, SampleOptions options)
{
    /// <exception cref="Errors.UnreadablePictureException">A picture is no longer what it was when it was checked.</exception>
    public FastComposerSample Make(LabelledPicture picture, SampleDraws draws)
    {
        using var held = FinalizerHold.Take();
        using var scope = NewDisposeScope();
        var isHidden = draws.Shown < options.DropAll;
        var segments = Choose(picture.Segments, draws);
        var caption = PlaceholderTokens.Insert(isHidden ? "" : picture.Caption, segments.Select(segment => segment.End));
        var tokens = PlaceholderTokens.Of(tokenizer, caption, PlaceholderTokens.Image);

        // A mark that is cut off, or that falls on another's word, loses its subject: the last ones, as in the reference.
        var count = Math.Min(tokens.Count, segments.Count);
        var (pixels, labels) = TargetTransform.Apply(
            ObjectPixels.Colours(picture.Picture, CPU), Map(picture.Labels), options.Side, draws.Mirror, options.BlendLabels);
        var references = segments.Take(count).Select((segment, i) => Reference(picture.Show(segment, draws.Ground), draws.Changes(i)));
        var masks = segments.Take(count).Select(segment => labels.eq(segment.Label).to(float32));
        return new(
            tokens,
            pixels.MoveToOuterDisposeScope(),
            Filled([.. references], [3, options.ReferenceSide, options.ReferenceSide]).MoveToOuterDisposeScope(),
            Filled([.. masks], [options.Side, options.Side]).MoveToOuterDisposeScope(),
            count);
    }

    // In the order of their words.
    private List<PictureSegment> Choose(IReadOnlyList<PictureSegment> segments, SampleDraws draws)
    {
        if (draws.Shown < options.DropAll + options.DropSubjects)
        {
            return [];
        }

        var kept = draws.Order.Where(i => draws.Keeps[i] < options.Keep).Take(options.MostSubjects);
        return [.. kept.Order().Select(i => segments[i]).OrderBy(segment => segment.End)];
    }

    private static Tensor Map(LabelMap map) => tensor(map.Labels, device: CPU).view(map.Size.Height, map.Size.Width);

    private Tensor Reference(Picture shown, AugmentDraws? changes) =>
        ObjectAugment.Apply(ObjectPixels.Colours(shown, CPU), options.ReferenceSide, changes);

    private Tensor Filled(Tensor[] some, long[] shape)
    {
        var all = zeros([options.MostSubjects, .. shape], device: CPU);
        foreach (var (i, one) in some.Index())
        {
            all[i].copy_(one);
        }

        return all;
    }
}
