using System.Diagnostics;
using Dramatis.Schedules;
using static TorchSharp.torch;

namespace Dramatis.Training.Diffusion;

/// <summary>The forward process q(x_t | x_0): how noise gets into clean latents, and what a denoiser should answer to the result.</summary>
/// <remarks>
/// Shapes: B rows, C latent channels, h x w cells. Latents x_0 and unit Gaussian noise ε are (B, C, h, w), timesteps t (B) whole numbers from 0.
/// </remarks>
/// <param name="alphas">How much of the signal's variance is left at each timestep (ᾱ).</param>
internal sealed class ForwardProcess(IReadOnlyList<double> alphas, Prediction prediction)
{
    public ForwardProcess(SchedulerConfig scheduler)
        : this(new NoiseLevels(scheduler).Alphas, scheduler.Prediction)
    {
    }

    /// <summary>How many noise levels there are.</summary>
    public int Timesteps => alphas.Count;

    /// <summary>x_t = sqrt(ᾱ_t) x_0 + sqrt(1 - ᾱ_t) ε (B, C, h, w): Ho et al. (2020), eq. 4.</summary>
    public Tensor Noisy(Tensor latents, Tensor noise, Tensor timesteps)
    {
        using var scope = NewDisposeScope();
        return ((Signal(timesteps) * latents) + (Noise(timesteps) * noise)).MoveToOuterDisposeScope();
    }

    /// <summary>What the network should answer to x_t (B, C, h, w): ε, x_0, or v of Salimans and Ho (2022), appendix D.</summary>
    public Tensor Target(Tensor latents, Tensor noise, Tensor timesteps)
    {
        using var scope = NewDisposeScope();
        return (prediction switch
        {
            Prediction.Epsilon => noise.alias(),
            Prediction.Velocity => (Signal(timesteps) * noise) - (Noise(timesteps) * latents),    // v = sqrt(ᾱ_t) ε - sqrt(1 - ᾱ_t) x_0
            Prediction.Sample => latents.alias(),
            _ => throw new UnreachableException($"{prediction}"),
        }).MoveToOuterDisposeScope();
    }

    /// <summary>What each row counts (B), so that easy noise levels do not outweigh the others.</summary>
    /// <remarks>Hang et al. (2023), section 3.4: min(SNR, γ) over SNR for ε, over SNR + 1 for v, over 1 for x_0, with SNR = ᾱ / (1 - ᾱ).</remarks>
    public Tensor MinSnrWeights(Tensor timesteps, double gamma)
    {
        using var scope = NewDisposeScope();
        return At(timesteps, alpha =>
        {
            var snr = alpha / (1 - alpha);
            return Math.Min(snr, gamma) / prediction switch
            {
                Prediction.Epsilon => snr,
                Prediction.Velocity => snr + 1,
                Prediction.Sample => 1,
                _ => throw new UnreachableException($"{prediction}"),
            };
        }).flatten().MoveToOuterDisposeScope();
    }

    private Tensor Signal(Tensor timesteps) => At(timesteps, Math.Sqrt);

    private Tensor Noise(Tensor timesteps) => At(timesteps, alpha => Math.Sqrt(1 - alpha));

    // (B) -> (B, 1, 1, 1)
    private Tensor At(Tensor timesteps, Func<double, double> of)
    {
        var table = tensor(alphas.Select(alpha => (float)of(alpha)).ToArray(), device: timesteps.device);
        return table.index_select(0, timesteps.to(ScalarType.Int64)).view(-1, 1, 1, 1);
    }
}
