using Dramatis.Schedules;
using static TorchSharp.torch;

namespace Dramatis.Training;

/// <summary>What a denoiser is trained on: latents with noise, and what it should say of them.</summary>
/// <remarks>Shapes: B samples, C x h x w latents.</remarks>
/// <param name="alphas">How much of the signal's variance is left at each timestep (ᾱ).</param>
internal sealed class NoisyLatents(IReadOnlyList<double> alphas, Prediction prediction)
{
    /// <summary>Training knows no steps: the first of one, so that every subject acts.</summary>
    public static StepInfo AnyStep { get; } = new(0, 1, 0, 0);

    /// <summary>How many noise levels there are.</summary>
    public int Timesteps => alphas.Count;

    /// <summary>The network's input and the target of its output, both (B, C, h, w).</summary>
    /// <param name="latents">Clean (B, C, h, w).</param>
    /// <param name="noise">Unit Gaussian (B, C, h, w).</param>
    /// <param name="timesteps">(B), whole numbers from 0.</param>
    public (Tensor Input, Tensor Target) At(Tensor latents, Tensor noise, Tensor timesteps)
    {
        using var scope = NewDisposeScope();
        var left = AtTimesteps(timesteps, Math.Sqrt);
        var added = AtTimesteps(timesteps, alpha => Math.Sqrt(1 - alpha));
        var input = (left * latents) + (added * noise);                     // Ho et al. (2020), eq. 4
        var target = prediction switch
        {
            Prediction.Epsilon => noise.alias(),
            Prediction.Velocity => (left * noise) - (added * latents),      // Salimans and Ho (2022), appendix D
            _ => latents.alias(),
        };
        return (input.MoveToOuterDisposeScope(), target.MoveToOuterDisposeScope());
    }

    private Tensor AtTimesteps(Tensor timesteps, Func<double, double> of)
    {
        using var table = tensor(alphas.Select(alpha => (float)of(alpha)).ToArray());
        return table[timesteps].view(-1, 1, 1, 1);
    }
}
