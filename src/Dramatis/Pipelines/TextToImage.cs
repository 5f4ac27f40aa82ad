using Dramatis.Conditioning;
using Dramatis.Requests;
using Dramatis.Sampling;
using Dramatis.Schedules;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Pipelines;

/// <summary>A run of <see cref="TextToImage"/>: one row for each text.</summary>
internal sealed record TextToImageRun
{
    public required IReadOnlyList<string> Prompts { get; init; }

    /// <summary>As many as prompts; not read without guidance.</summary>
    public required IReadOnlyList<string> NegativePrompts { get; init; }

    public required PixelSize Size { get; init; }

    public required int Steps { get; init; }

    public required SamplerKind Sampler { get; init; }

    public required SchedulerConfig Scheduler { get; init; }

    /// <summary>1 or less is none: then there are no negative rows.</summary>
    public required double Guidance { get; init; }

    public double GuidanceRescale { get; init; }

    public ConditioningSession Session { get; init; } = ConditioningSession.None;

    public Action<StepInfo, Tensor>? OnStep { get; init; }

    public bool IsGuided => Guidance > 1;
}

/// <summary>Texts and noise to pixels: encoder, sampling loop, decoder.</summary>
/// <remarks>Shapes: B rows, C latent channels, h x w cells, L text tokens, E text width, H x W pixels.</remarks>
internal sealed class TextToImage(BaseModel model)
{
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
        var text = Encode(run.IsGuided ? [.. run.NegativePrompts, .. run.Prompts] : run.Prompts);      // (2 B or B, L, E)
        var schedule = Schedule.Make(run.Scheduler, run.Sampler, run.Steps);
        using var sampler = Samplers.Create(run.Sampler, run.Scheduler, schedule, noise);
        var plan = new SamplingPlan { Sampler = sampler, Schedule = schedule, Noise = noise, OnStep = run.OnStep };
        var denoiser = Denoisers.From(Predict, schedule, run.Scheduler.Prediction);
        return DenoisingLoop.Run(denoiser, start * schedule.StartScale, plan, run.Session, cancellationToken).MoveToOuterDisposeScope();

        Tensor Predict(Tensor input, double timestep, StepInfo step)
        {
            using var inner = NewDisposeScope();
            var rows = run.IsGuided ? cat([input, input]) : input;
            var context = new StepContext(step, run.Session.TextAt(step, text), run.Session);
            var output = model.UNet.forward(rows, full(rows.shape[0], timestep), context);
            return (run.IsGuided ? Guidance.Guide(output, run.Guidance, run.GuidanceRescale) : output).MoveToOuterDisposeScope();
        }
    }

    /// <summary>Pixels (B, 3, H, W) around [-1, 1].</summary>
    public Tensor Decode(Tensor latents)
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        return model.Vae.Decode(model.Vae.FromModel(latents)).MoveToOuterDisposeScope();
    }

    /// <summary>The text context (B, L, E).</summary>
    public Tensor Encode(IReadOnlyList<string> texts)
    {
        using var scope = NewDisposeScope();
        var ids = texts.SelectMany(model.Tokenizer.Encode).Select(id => (long)id).ToArray();
        return model.TextEncoder.forward(tensor(ids).view(texts.Count, -1)).LastHiddenState.MoveToOuterDisposeScope();
    }
}
