using Dramatis.Conditioning;
using Dramatis.Pictures;
using Dramatis.Sampling;
using Dramatis.Schedules;
using Dramatis.Tensors;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Training.Subjects;

/// <summary>Paints what a model has learned so far, as it is in memory. Not for SDXL, whose denoiser is told more than a text.</summary>
/// <param name="side">Of the pictures, in pixels.</param>
internal sealed class PreviewPainter(BaseModel model, int side)
{
    private const int Pictures = 4;

    /// <summary>What it was learned from above what is painted now.</summary>
    /// <param name="text">Negative and positive (2, L, E).</param>
    public Picture Sheet(IReadOnlyList<SubjectPicture> learnedFrom, Tensor text, ConditioningSession session) => SampleSheet.Grid(
    [
        [.. learnedFrom.Select(picture => picture.Picture.Resize(new(side, side)))],
        [.. Enumerable.Range(0, Pictures).Select(seed => Paint(text, (ulong)seed, session))],
    ]);

    private Picture Paint(Tensor text, ulong seed, ConditioningSession session)
    {
        using var scope = NewDisposeScope();
        using var noise = new Noise(seed);
        using var sampler = new EulerSampler();
        var schedule = Schedule.Make(model.Scheduler, SamplerKind.Ddim, model.Defaults.Steps);
        var denoiser = Denoisers.From(
            (input, timestep, step) => Guidance.Guide(
                model.UNet.forward(cat([input, input]), full(2, timestep), new(step, session.TextAt(step, text), session)),
                model.Defaults.Guidance,
                model.Defaults.GuidanceRescale),
            schedule,
            model.Scheduler.Prediction);
        var cells = side / model.Vae.Config.Factor;
        var start = schedule.StartScale * noise.Like(empty(1, model.Vae.Config.LatentChannels, cells, cells));
        var latents = DenoisingLoop.Run(denoiser, start, new() { Sampler = sampler, Schedule = schedule, Noise = noise }, session);
        return PicturePixels.ToPictures(model.Vae.Decode(model.Vae.FromModel(latents)))[0];
    }
}
