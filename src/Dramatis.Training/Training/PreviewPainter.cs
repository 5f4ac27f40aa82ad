using Dramatis.Conditioning;
using Dramatis.Networks.UNet;
using Dramatis.Networks.Vae;
using Dramatis.Pictures;
using Dramatis.Sampling;
using Dramatis.Schedules;
using Dramatis.Tensors;
using static TorchSharp.torch;

namespace Dramatis.Training;

/// <summary>Paints squares with networks that are in training, all at once and guided.</summary>
/// <remarks>Shapes: B pictures, L text tokens, E text width; rows are 2 B, negative ones first.</remarks>
internal sealed class PreviewPainter(UNet unet, AutoencoderKL vae, SchedulerConfig scheduler)
{
    public required int Steps { get; init; }

    public required double Guidance { get; init; }

    public double GuidanceRescale { get; init; }

    /// <param name="text">(2 B, L, E)</param>
    /// <param name="added">SDXL's, 2 B rows; null for others.</param>
    /// <param name="side">Pixels along one side.</param>
    /// <param name="seeds">Of the noise of each picture.</param>
    public IReadOnlyList<Picture> Paint(Tensor text, AddedConditions? added, int side, IReadOnlyList<ulong> seeds, ConditioningSession session)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var noise = new Noise(seeds);
        using var sampler = new EulerSampler();
        var schedule = Schedule.Make(scheduler, SamplerKind.Ddim, Steps);
        var cells = side / vae.Config.Factor;
        var start = schedule.StartScale * noise.Like(empty(seeds.Count, vae.Config.LatentChannels, cells, cells));
        var denoiser = Denoisers.From(
            (input, timestep, step) => Sampling.Guidance.Guide(
                unet.forward(cat([input, input]), full(2 * seeds.Count, timestep), new(step, session.TextAt(step, text), session) { Added = added }), Guidance, GuidanceRescale),
            schedule,
            scheduler.Prediction);
        var plan = new SamplingPlan { Sampler = sampler, Schedule = schedule, Noise = noise };
        var latents = DenoisingLoop.Run(denoiser, start, plan, session);
        return PicturePixels.ToPictures(vae.Decode(vae.FromModel(latents)));
    }
}
