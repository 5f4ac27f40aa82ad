using System.Diagnostics;
using Dramatis.Schedules;
using static TorchSharp.torch;

namespace Dramatis.Sampling;

/// <summary>Clean latents x0 as guessed from noisy ones, both (B, C, h, w), x = x0 + σ n with σ the step's <see cref="StepInfo.Sigma"/>.</summary>
internal delegate Tensor Denoiser(Tensor x, StepInfo step);

/// <summary>What a network says of x / sqrt(1 + σ²), the noisy latents at unit variance.</summary>
/// <param name="timestep">As the network was trained, from 0.</param>
internal delegate Tensor Predictor(Tensor input, double timestep, StepInfo step);

/// <summary>Turns what networks predict into clean latents.</summary>
internal static class Denoisers
{
    /// <summary>A denoiser from a network and what it was trained to predict.</summary>
    public static Denoiser From(Predictor network, Schedule schedule, Prediction prediction) => (x, step) =>
    {
        using var scope = NewDisposeScope();
        var variance = 1 + (step.Sigma * step.Sigma);
        var output = network(x / Math.Sqrt(variance), schedule.TimestepAt(step.Sigma), step);
        var clean = prediction switch
        {
            Prediction.Epsilon => x - (step.Sigma * output),                             // Ho et al. (2020), eq. 15
            Prediction.Velocity => (x / variance) - (step.Sigma / Math.Sqrt(variance) * output),    // Salimans and Ho (2022), appendix D
            Prediction.Sample => output,
            _ => throw new UnreachableException(),
        };
        return clean.MoveToOuterDisposeScope();
    };
}
