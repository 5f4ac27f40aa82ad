using System.Diagnostics;

namespace Dramatis.Schedules;

/// <summary>How the variance β of the noise that a timestep adds grows from first to last.</summary>
internal enum BetaCurve
{
    Linear,

    /// <summary>Its square root grows linearly: latent diffusion.</summary>
    ScaledLinear,

    /// <summary>Nichol and Dhariwal (2021), equation 17.</summary>
    SquaredCosine,
}

/// <summary>The noise levels that a network was trained on.</summary>
internal sealed class NoiseLevels
{
    // Stands for the infinite noise of a zero signal: finite, so that no product is undefined, and infinite for single precision.
    private const double LargestSigma = 1e8;

    public NoiseLevels(SchedulerConfig config)
    {
        var alphas = new double[config.TrainTimesteps];
        var product = 1.0;
        for (var t = 0; t < alphas.Length; t++)
        {
            product *= 1 - Beta(config, t);
            alphas[t] = (float)product;
        }

        Alphas = config.ZeroTerminalSnr ? WithoutSignalAtEnd(alphas) : alphas;
        Sigmas = [.. Alphas.Select(alpha => Math.Min(LargestSigma, Math.Sqrt((1 - alpha) / alpha)))];
    }

    /// <summary>ᾱ: how much of the signal's variance is left at each timestep.</summary>
    public IReadOnlyList<double> Alphas { get; }

    /// <summary>σ of x = x0 + σ n at each timestep, sqrt((1 - ᾱ) / ᾱ).</summary>
    public IReadOnlyList<double> Sigmas { get; }

    /// <summary>σ between timesteps, linear in t.</summary>
    public double SigmaAt(double timestep)
    {
        var below = Math.Clamp((int)timestep, 0, Sigmas.Count - 1);
        var above = Math.Min(below + 1, Sigmas.Count - 1);
        return Sigmas[below] + ((timestep - below) * (Sigmas[above] - Sigmas[below]));
    }

    /// <summary>The timestep of a noise level, linear in log σ between those of training.</summary>
    public double TimestepAt(double sigma)
    {
        var below = 0;
        while (below < Sigmas.Count - 2 && Sigmas[below + 1] <= sigma)
        {
            below++;
        }

        var (low, high) = (Math.Log(Sigmas[below]), Math.Log(Sigmas[below + 1]));
        return below + Math.Clamp((Math.Log(Math.Max(sigma, 1e-10)) - low) / (high - low), 0, 1);
    }

    // In single precision, as the tables that published models were trained with: a thousand roundings of 1 - β make them differ
    // from exact ones by a millionth.
    private static float Beta(SchedulerConfig config, int t) => config.BetaCurve switch
    {
        BetaCurve.Linear => Linspace((float)config.BetaStart, (float)config.BetaEnd, config.TrainTimesteps, t),
        BetaCurve.ScaledLinear => Square(Linspace(
            (float)Math.Sqrt(config.BetaStart), (float)Math.Sqrt(config.BetaEnd), config.TrainTimesteps, t)),
        BetaCurve.SquaredCosine => (float)Math.Min(.999, 1 - (Cosine((t + 1.0) / config.TrainTimesteps) / Cosine((double)t / config.TrainTimesteps))),
        _ => throw new UnreachableException(),
    };

    // From both ends with fused products, as PyTorch does.
    private static float Linspace(float start, float end, int count, int i)
    {
        var step = count == 1 ? 0 : (end - start) / (count - 1);
        return i < count / 2 ? MathF.FusedMultiplyAdd(step, i, start) : MathF.FusedMultiplyAdd(-step, count - 1 - i, end);
    }

    private static float Square(float x) => x * x;

    private static double Cosine(double part) => Square(Math.Cos((part + .008) / 1.008 * Math.PI / 2));

    private static double Square(double x) => x * x;

    // Lin et al. (2024), algorithm 1: sqrt(ᾱ) is shifted to end at 0 and scaled to begin where it was.
    private static double[] WithoutSignalAtEnd(double[] alphas)
    {
        var (first, last) = (Math.Sqrt(alphas[0]), Math.Sqrt(alphas[^1]));
        return [.. alphas.Select(alpha => Square((Math.Sqrt(alpha) - last) * first / (first - last)))];
    }
}
