using Dramatis.Conditioning;
using Dramatis.Schedules;
using static TorchSharp.torch;

namespace Dramatis.Sampling;

/// <summary>All that a run of the loop needs besides the network.</summary>
internal sealed record SamplingPlan
{
    public required ISampler Sampler { get; init; }

    public required Schedule Schedule { get; init; }

    public required Noise Noise { get; init; }

    /// <summary>Makes of the latents after a step, repeats included, those that the next one starts from; null leaves them.</summary>
    public Func<StepInfo, Tensor, Tensor>? Amend { get; init; }

    /// <summary>Told after each step where the latents are; the tensor is borrowed.</summary>
    public Action<StepInfo, Tensor>? OnStep { get; init; }
}

/// <summary>The only sampling loop in the library.</summary>
internal static class DenoisingLoop
{
    /// <param name="start">Noisy latents (B, C, h, w): noise times <see cref="Schedule.StartScale"/>, or clean latents plus noise times the first σ.</param>
    /// <returns>Latents (B, C, h, w).</returns>
    /// <exception cref="OperationCanceledException">Stopped between two steps.</exception>
    public static Tensor Run(
        Denoiser denoise,
        Tensor start,
        SamplingPlan plan,
        ConditioningSession session,
        CancellationToken cancellationToken = default)
    {
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        var x = start.alias();
        foreach (var step in plan.Schedule.Steps)
        {
            for (var repeats = session.RepeatsAt(step); repeats > 0; repeats--)
            {
                cancellationToken.ThrowIfCancellationRequested();
                using var stepScope = NewDisposeScope();
                var next = plan.Sampler.Step(denoise, x, step);
                x = (repeats == 1 ? next : Renoise(next, plan.Noise, step)).MoveToOuterDisposeScope();
            }

            x = plan.Amend?.Invoke(step, x) ?? x;
            plan.OnStep?.Invoke(step, x);
        }

        return (x * plan.Schedule.EndScale).MoveToOuterDisposeScope();
    }

    // Back from Next to Sigma: variances add.
    private static Tensor Renoise(Tensor x, Noise noise, StepInfo step) =>
        x + (Math.Sqrt((step.Sigma * step.Sigma) - (step.Next * step.Next)) * noise.Like(x));
}
