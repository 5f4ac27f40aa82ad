using Dramatis.Conditioning;
using Dramatis.Pictures;
using Dramatis.Pipelines;
using Dramatis.Weights;

namespace Dramatis.Training.Subjects;

/// <summary>Shows what a model has learned so far, as it is in memory.</summary>
/// <param name="side">Of the pictures, in pixels.</param>
internal sealed class LearnedSheet(BaseModel model, int side)
{
    private const int Pictures = 4;

    private readonly LatentPainter painter = new(model.UNet, model.Vae, model.Compute);

    /// <summary>What it was learned from above what is painted now.</summary>
    /// <param name="text">Negative and positive.</param>
    public Picture Draw(IReadOnlyList<SubjectPicture> learnedFrom, EncodedText text, ConditioningSession session) => SampleSheet.Grid(
    [
        [.. learnedFrom.Select(picture => picture.Picture.Resize(new(side, side)))],
        [.. Enumerable.Range(0, Pictures).Select(seed => painter.Paint(PreviewRun.Of(model, side, session), text, (ulong)seed)[0])],
    ]);
}
