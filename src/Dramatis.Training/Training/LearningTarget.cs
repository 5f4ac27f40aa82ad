using System.Diagnostics;
using Dramatis.Schedules;
using static TorchSharp.torch;

namespace Dramatis.Training;

/// <summary>What a denoiser learns: the inputs that noise makes of clean latents, and what it should answer.</summary>
/// <remarks>Shapes: B rows, C latent channels, h x w cells. Timesteps (B) are whole numbers.</remarks>
internal sealed class LearningTarget(SchedulerConfig config)
{
    private readonly IReadOnlyList<double> alphas = new NoiseLevels(config).Alphas;

    /// <summary>How many noise levels there are.</summary>
    public int Timesteps => alphas.Count;

    /// <summary>Noisy latents sqrt(ᾱ) x0 + sqrt(1 - ᾱ) ε (B, C, h, w).</summary>
    public Tensor Noisy(Tensor latents, Tensor noise, Tensor timesteps)
    {
        using var scope = NewDisposeScope();
        return ((Signal(timesteps) * latents) + (Noise(timesteps) * noise)).MoveToOuterDisposeScope();
    }

    /// <summary>What the network should answer (B, C, h, w), by the model's kind of prediction.</summary>
    public Tensor Answer(Tensor latents, Tensor noise, Tensor timesteps)
    {
        using var scope = NewDisposeScope();
        return config.Prediction switch
        {
            Prediction.Epsilon => noise.alias().MoveToOuterDisposeScope(),
            Prediction.Velocity => ((Signal(timesteps) * noise) - (Noise(timesteps) * latents)).MoveToOuterDisposeScope(),
            Prediction.Sample => latents.alias().MoveToOuterDisposeScope(),
            _ => throw new UnreachableException(),
        };
    }

    /// <summary>What each row counts (B), so that easy noise levels do not outweigh the others.</summary>
    /// <remarks>Hang et al. (2023), section 3.4: min(SNR, γ) over SNR for ε, over SNR + 1 for v, with SNR = ᾱ / (1 - ᾱ).</remarks>
    public Tensor MinSnrWeights(Tensor timesteps, double gamma)
    {
        using var scope = NewDisposeScope();
        return At(timesteps, alpha =>
        {
            var snr = alpha / (1 - alpha);
            return config.Prediction switch
            {
                Prediction.Epsilon => Math.Min(snr, gamma) / snr,
                Prediction.Velocity => Math.Min(snr, gamma) / (snr + 1),
                _ => Math.Min(snr, gamma),
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
