using Dramatis.Pictures;
using Dramatis.Requests;
using Dramatis.Sampling;
using Dramatis.Schedules;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Pipelines;

/// <summary>What the network is told in words.</summary>
/// <param name="Text">The text context (B, L, E).</param>
/// <param name="Pooled">The second encoder's pooled and projected text (B, P), where there is one.</param>
internal readonly record struct EncodedText(Tensor Text, Tensor? Pooled);

/// <summary>Texts and noise to pixels: encoder, sampling loop, decoder.</summary>
/// <remarks>Shapes: B rows, C latent channels, h x w cells, L text tokens, E text width, H x W pixels.</remarks>
internal sealed class TextToImage(BaseModel model)
{
    private readonly PromptEncoder encoder = new(model);

    /// <summary>Unit noise (B, C, h, w) for the first latents.</summary>
    public Tensor Start(Noise noise, int rows, PixelSize size)
    {
        var (channels, factor) = (model.Vae.Config.LatentChannels, model.Vae.Config.Factor);
        using var shape = empty(rows, channels, size.Height / factor, size.Width / factor, device: model.Compute.Device);
        return noise.Like(shape);
    }

    /// <summary>Latents (B, C, h, w) of unit noise of that shape.</summary>
    public Tensor Sample(TextToImageRun run, Tensor start, Noise noise, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        var text = Encode(
            Rows(run, run.NegativePrompts, run.Prompts),
            Rows(run, run.SecondNegativePrompts ?? run.NegativePrompts, run.SecondPrompts ?? run.Prompts),
            run.SkipsLastTextLayer ? run.Prompts.Count : 0,
            run.Reading);
        using var predictor = new GuidedPredictor(model, run, text, cancellationToken);
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

    /// <summary>The steps that a run takes.</summary>
    public static Schedule ScheduleOf(TextToImageRun run)
    {
        var whole = Schedule.Make(run.Scheduler, run.Sampler, run.Steps);
        return run.Source?.Cut(whole) ?? whole;
    }

    /// <summary>Pixels (B, 3, H, W) around [-1, 1].</summary>
    /// <exception cref="Errors.NotFiniteException">There are no such pixels.</exception>
    public Tensor Decode(Tensor latents, VaeOptions? options = null)
    {
        using var inference = inference_mode();
        return new VaeCoder(model.Vae, options).Decode(latents);
    }

    /// <summary>See <see cref="PromptEncoder.Encode"/>.</summary>
    public EncodedText Encode(IReadOnlyList<string?> texts, IReadOnlyList<string?>? second = null, int early = 0, PromptReading reading = default) =>
        encoder.Encode(texts, second, early, reading);

    private static IReadOnlyList<string?> Rows(TextToImageRun run, IReadOnlyList<string?> negative, IReadOnlyList<string?> positive) =>
        run.IsGuided ? [.. negative, .. positive] : positive;
}
