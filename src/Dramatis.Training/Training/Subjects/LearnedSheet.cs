using Dramatis.Conditioning;
using Dramatis.Pictures;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Training.Subjects;

/// <summary>Shows what a model has learned so far, as it is in memory. Not for SDXL, whose denoiser is told more than a text.</summary>
/// <param name="side">Of the pictures, in pixels.</param>
internal sealed class LearnedSheet(BaseModel model, int side)
{
    private const int Pictures = 4;

    private readonly PreviewPainter painter = new(model.UNet, model.Vae, model.Scheduler)
    {
        Steps = model.Defaults.Steps,
        Guidance = model.Defaults.Guidance,
        GuidanceRescale = model.Defaults.GuidanceRescale,
    };

    /// <summary>What it was learned from above what is painted now.</summary>
    /// <param name="text">Negative and positive (2, L, E).</param>
    public Picture Draw(IReadOnlyList<SubjectPicture> learnedFrom, Tensor text, ConditioningSession session) => SampleSheet.Grid(
    [
        [.. learnedFrom.Select(picture => picture.Picture.Resize(new(side, side)))],
        [.. Enumerable.Range(0, Pictures).Select(seed => painter.Paint(text, null, side, [(ulong)seed], session)[0])],
    ]);
}
