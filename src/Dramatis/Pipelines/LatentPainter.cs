using Dramatis.Networks.UNet;
using Dramatis.Networks.Vae;
using Dramatis.Pictures;
using Dramatis.Sampling;
using Dramatis.Schedules;
using Dramatis.Tensors;
using static TorchSharp.torch;

namespace Dramatis.Pipelines;

/// <summary>Encoded texts and noise to pixels: sampling loop and decoder. What is in training is painted by it as well.</summary>
/// <remarks>Shapes: B pictures, C latent channels, h x w cells, H x W pixels.</remarks>
internal sealed class LatentPainter(UNet unet, AutoencoderKL vae, Compute compute)
{
    /// <summary>Unit noise (B, C, h, w) for the first latents.</summary>
    public Tensor Start(Noise noise, int pictures, PixelSize size)
    {
        var (channels, factor) = (vae.Config.LatentChannels, vae.Config.Factor);
        using var shape = empty(pictures, channels, size.Height / factor, size.Width / factor, device: compute.Device);
        return noise.Like(shape);
    }

    /// <summary>Latents (B, C, h, w) of unit noise of that shape.</summary>
    /// <param name="text">Of B rows, or of 2 B, negative ones first: then the pictures are guided.</param>
    public Tensor Sample(LatentRun run, EncodedText text, Tensor start, Noise noise, CancellationToken cancellationToken = default)
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        using var predictor = new GuidedPredictor(unet, compute, run, text, isGuided: text.Text.shape[0] > start.shape[0], cancellationToken);
        var schedule = ScheduleOf(run);
        using var sampler = Samplers.Create(run.Sampler, run.Scheduler, schedule, noise);
        var plan = new SamplingPlan
        {
            Sampler = sampler,
            Schedule = schedule,
            Noise = noise,
            Amend = run.Source?.Keep(start, schedule),
            OnStep = run.OnStep,
        };
        var denoiser = Denoisers.From(predictor.Predict, schedule, run.Scheduler.Prediction);
        var x = run.Source?.First(start, schedule) ?? (start * schedule.StartScale);
        return DenoisingLoop.Run(run.OnGuess is { } told ? Watched : denoiser, x, plan, run.Session, cancellationToken).MoveToOuterDisposeScope();

        Tensor Watched(Tensor latents, StepInfo step)
        {
            var clean = denoiser(latents, step);
            told(step, clean);
            return clean;
        }
    }

    /// <summary>Pixels (B, 3, H, W) around [-1, 1].</summary>
    /// <exception cref="Errors.NotFiniteException">There are no such pixels.</exception>
    public Tensor Decode(Tensor latents, VaeOptions? options = null)
    {
        using var inference = inference_mode();
        return new VaeCoder(vae, options).Decode(latents);
    }

    /// <summary>Pictures from noise alone, one for each seed, whatever they look like: a training that went astray shows it.</summary>
    /// <param name="text">As <see cref="Sample"/> takes it.</param>
    public IReadOnlyList<Picture> Paint(LatentRun run, EncodedText text, params IReadOnlyList<ulong> seeds)
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        using var noise = new Noise(seeds);
        var latents = Sample(run, text, Start(noise, seeds.Count, run.Size), noise);
        return PicturePixels.ToPictures(vae.Decode(vae.FromModel(latents)));
    }

    /// <summary>The steps that a run takes.</summary>
    public static Schedule ScheduleOf(LatentRun run)
    {
        var whole = Schedule.Make(run.Scheduler, run.Sampler, run.Steps);
        return run.Source?.Cut(whole) ?? whole;
    }
}
