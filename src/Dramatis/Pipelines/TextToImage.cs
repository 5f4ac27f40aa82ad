using Dramatis.Conditioning;
using Dramatis.Networks.UNet;
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

/// <summary>A run of <see cref="TextToImage"/>: one row for each text.</summary>
internal sealed record TextToImageRun
{
    public required IReadOnlyList<string> Prompts { get; init; }

    /// <summary>What a second text encoder reads instead of <see cref="Prompts"/>; null for the same.</summary>
    public IReadOnlyList<string>? SecondPrompts { get; init; }

    /// <summary>As many as prompts; null is none. Not read without guidance.</summary>
    public required IReadOnlyList<string?> NegativePrompts { get; init; }

    /// <summary>As <see cref="SecondPrompts"/>.</summary>
    public IReadOnlyList<string?>? SecondNegativePrompts { get; init; }

    /// <summary>Prompts, not negative ones, do without the last layer of the text encoder, as in the reference; for models with one encoder.</summary>
    public bool SkipsLastTextLayer { get; init; }

    /// <summary>How all texts are read.</summary>
    public PromptReading Reading { get; init; }

    /// <summary>What SDXL is told of sizes, one for each row, negative ones first; null: a picture of the size wanted, whole.</summary>
    public IReadOnlyList<PictureFrame>? Frames { get; init; }

    public required PixelSize Size { get; init; }

    public required int Steps { get; init; }

    public required SamplerKind Sampler { get; init; }

    public required SchedulerConfig Scheduler { get; init; }

    /// <summary>1 or less is none: then there are no negative rows.</summary>
    public required double Guidance { get; init; }

    public double GuidanceRescale { get; init; }

    /// <summary>The steps that are guided; in others the positive rows count alone.</summary>
    public StepWindow GuidanceWindow { get; init; } = StepWindow.All;

    public ConditioningSession Session { get; init; } = ConditioningSession.None;

    public Action<StepInfo, Tensor>? OnStep { get; init; }

    public bool IsGuided => Guidance > 1;
}

/// <summary>Texts and noise to pixels: encoder, sampling loop, decoder.</summary>
/// <remarks>Shapes: B rows, C latent channels, h x w cells, L text tokens, E text width, H x W pixels.</remarks>
internal sealed class TextToImage(BaseModel model)
{
    private readonly PromptEncoder encoder = new(model);

    /// <summary>Unit noise (B, C, h, w) for the first latents.</summary>
    public Tensor Start(Noise noise, int rows, PixelSize size)
    {
        using var shape = empty(rows, model.Vae.Config.LatentChannels, size.Height / model.Vae.Config.Factor, size.Width / model.Vae.Config.Factor);
        return noise.Like(shape);
    }

    /// <summary>Latents (B, C, h, w) of unit noise of that shape.</summary>
    public Tensor Sample(TextToImageRun run, Tensor start, Noise noise, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        var (text, pooled) = Encode(
            Rows(run, run.NegativePrompts, run.Prompts),
            Rows(run, run.SecondNegativePrompts ?? run.NegativePrompts, run.SecondPrompts ?? run.Prompts),
            run.SkipsLastTextLayer ? run.Prompts.Count : 0,
            run.Reading);
        var added = pooled is null ? null : new AddedConditions(pooled, Frames(run));                   // rows: 2 B or B
        var schedule = Schedule.Make(run.Scheduler, run.Sampler, run.Steps);
        using var keys = new TextKeys();
        using var sampler = Samplers.Create(run.Sampler, run.Scheduler, schedule, noise);
        var plan = new SamplingPlan { Sampler = sampler, Schedule = schedule, Noise = noise, OnStep = run.OnStep };
        var denoiser = Denoisers.From(Predict, schedule, run.Scheduler.Prediction);
        return DenoisingLoop.Run(denoiser, start * schedule.StartScale, plan, run.Session, cancellationToken).MoveToOuterDisposeScope();

        Tensor Predict(Tensor input, double timestep, StepInfo step)
        {
            using var inner = NewDisposeScope();
            var rows = run.IsGuided ? cat([input, input]) : input;
            var context = new StepContext(step, run.Session.TextAt(step, text), run.Session) { Added = added, TextKeys = keys };
            var output = model.UNet.forward(rows, full(rows.shape[0], timestep), context);
            return (!run.IsGuided ? output
                : run.GuidanceWindow.Contains(step) ? Guidance.Guide(output, run.Guidance, run.GuidanceRescale)
                : output.chunk(2)[1]).MoveToOuterDisposeScope();
        }
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

    // (2 B or B, 6)
    private static Tensor Frames(TextToImageRun run)
    {
        var rows = run.Frames
            ?? [.. Enumerable.Repeat(new PictureFrame(run.Size), run.IsGuided ? 2 * run.Prompts.Count : run.Prompts.Count)];
        return tensor(rows.SelectMany(row => Numbers(row, run.Size)).ToArray()).view(-1, AddedConditionsConfig.Numbers);
    }

    private static float[] Numbers(PictureFrame frame, PixelSize size)
    {
        var target = frame.Target ?? size;
        return [frame.Original.Height, frame.Original.Width, frame.Top, frame.Left, target.Height, target.Width];
    }
}
