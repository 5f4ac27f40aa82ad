using System.Diagnostics;

namespace Dramatis.Schedules;

/// <summary>The steps of one run, in the space x = x0 + σ n that all samplers share.</summary>
/// <remarks>
/// The reference keeps the variance of some samplers' latents at 1 instead (x / sqrt(1 + σ²)); <see cref="StartScale"/> and
/// <see cref="EndScale"/> carry that over, so that both spaces begin and end with the same numbers.
/// </remarks>
internal sealed class Schedule
{
    private readonly NoiseLevels levels;
    private readonly Dictionary<double, double> timesteps;
    private readonly double last;
    private readonly int? stride;
    private readonly bool retakesFirst;

    private Schedule(Schedule whole, int skipped)
    {
        (levels, timesteps, last, stride, retakesFirst) = (whole.levels, whole.timesteps, whole.last, whole.stride, whole.retakesFirst);
        (StartScale, EndScale) = (whole.StartScale, whole.EndScale);
        var count = whole.Steps.Count - skipped;
        Steps = [.. whole.Steps.Skip(skipped).Select((step, i) => step with { Index = i, Count = count })];
    }

    private Schedule(
        NoiseLevels levels, (double Sigma, double Timestep)[] visited, double last, double startScale, int? stride = null, bool retakesFirst = false)
    {
        (this.levels, this.last, this.stride, this.retakesFirst) = (levels, last, stride, retakesFirst);
        timesteps = visited.DistinctBy(level => level.Sigma).ToDictionary(level => level.Sigma, level => level.Timestep);
        var sigmas = visited.Select(level => level.Sigma).Append(last).ToArray();
        Steps = [.. Enumerable.Range(0, visited.Length).Select(i => new StepInfo(i, visited.Length, sigmas[i], sigmas[i + 1]))];
        StartScale = startScale;
        EndScale = 1 / Math.Sqrt(1 + (last * last));
    }

    public IReadOnlyList<StepInfo> Steps { get; }

    /// <summary>What unit noise is multiplied with to be the first x.</summary>
    public double StartScale { get; }

    /// <summary>What the last x is multiplied with to be the latents; 1 when no noise is left.</summary>
    public double EndScale { get; }

    /// <summary>Makes the steps that the reference's sampler of that name takes with these settings.</summary>
    /// <param name="steps">From 1 to the number of timesteps of training.</param>
    public static Schedule Make(SchedulerConfig config, SamplerKind sampler, int steps)
    {
        var levels = new NoiseLevels(config);
        return sampler switch
        {
            SamplerKind.Ddim => Ddim(config, levels, steps),
            SamplerKind.Ddpm => Ddpm(config, levels, steps),
            SamplerKind.Pndm => Pndm(config, levels, steps),
            SamplerKind.Euler or SamplerKind.Heun => Euler(config, levels, steps),
            SamplerKind.EulerAncestral => Euler(config with { KarrasSigmas = false }, levels, steps),
            SamplerKind.Lcm => Lcm(config, levels, steps),
            SamplerKind.DpmPlusPlus2M or SamplerKind.DpmPlusPlus2MSde or SamplerKind.UniPc => DpmPlusPlus(config, levels, steps),
            _ => throw new ArgumentOutOfRangeException(nameof(sampler), sampler, "has no schedule."),
        };
    }

    /// <summary>The last steps alone, numbered anew: for what begins with a picture that is only partly noise.</summary>
    /// <param name="share">Above 0 to 1; so much of the steps is left, rounded down, but at least one.</param>
    /// <remarks>A step that PNDM takes again is left beside the share, as in the reference.</remarks>
    public Schedule Tail(double share)
    {
        var steps = retakesFirst && Steps.Count > 1 ? Steps.Count - 1 : Steps.Count;
        return new(this, Math.Min(steps - (int)(steps * share), Steps.Count - 1));
    }

    /// <summary>The timestep that the network is told at a noise level.</summary>
    public double TimestepAt(double sigma) =>
        timesteps.TryGetValue(sigma, out var timestep) ? timestep : levels.TimestepAt(sigma);

    /// <summary>The noise level that a step is computed to. DDIM and PNDM go back by T / steps timesteps, wherever the next visited one lies.</summary>
    /// <remarks>
    /// The reference then takes the latents as those of <see cref="StepInfo.Next"/>, at unit variance. PNDM's second step ends where it begins, also in a
    /// tail, whose steps it then lags behind by one.
    /// </remarks>
    public double BackFrom(StepInfo step) =>
        stride is not { } back ? step.Next
        : retakesFirst && step.Index == 1 ? step.Sigma
        : TimestepAt(step.Sigma) - back is var timestep && timestep < 0 ? last : levels.SigmaAt(timestep);

    /// <summary>The noise level that <see cref="BackFrom"/> goes back from to a step's, or null for samplers that go from one visited to the next.</summary>
    public double? AheadOf(StepInfo step) => stride is { } ahead ? levels.SigmaAt(TimestepAt(step.Sigma) + ahead) : null;

    private static Schedule Ddim(SchedulerConfig config, NoiseLevels levels, int steps) => AtUnitVariance(
        levels, Levels(levels, Whole(config, steps)), config.SetAlphaToOne ? 0 : levels.Sigmas[0], config.TrainTimesteps / steps);

    private static Schedule Ddpm(SchedulerConfig config, NoiseLevels levels, int steps) =>
        AtUnitVariance(levels, Levels(levels, Whole(config, steps)), 0);

    // The second timestep is visited twice: the first time to see how the noise changes on the way there.
    private static Schedule Pndm(SchedulerConfig config, NoiseLevels levels, int steps)
    {
        var visited = Whole(config, steps);
        return AtUnitVariance(
            levels,
            Levels(levels, [.. visited.Take(2), .. visited.Skip(1)]),
            config.SetAlphaToOne ? 0 : levels.Sigmas[0],
            config.TrainTimesteps / steps,
            retakesFirst: true);
    }

    // Spread over the timesteps that the distillation used, the noisiest first.
    private static Schedule Lcm(SchedulerConfig config, NoiseLevels levels, int steps)
    {
        var original = Math.Max(config.OriginalSteps, steps);
        var ratio = config.TrainTimesteps / original;
        var visited = Enumerable.Range(0, steps).Select(i => (double)(((original - (int)((long)i * original / steps)) * ratio) - 1));
        return AtUnitVariance(levels, Levels(levels, [.. visited]), 0);
    }

    private static double[] Whole(SchedulerConfig config, int steps)
    {
        var n = config.TrainTimesteps;
        return (config.Spacing ?? Spacing.Leading) switch
        {
            Spacing.Leading => Leading(n / steps, steps, config.StepsOffset),
            Spacing.Trailing => Trailing(n, steps),
            Spacing.Linspace => [.. Linspace(n - 1, steps).Select(timestep => Math.Round(timestep))],
            _ => throw new UnreachableException(),
        };
    }

    private static Schedule Euler(SchedulerConfig config, NoiseLevels levels, int steps)
    {
        var n = config.TrainTimesteps;
        var spacing = config.Spacing ?? Spacing.Linspace;
        double[] visited = spacing switch
        {
            Spacing.Leading => Leading(n / steps, steps, config.StepsOffset),
            Spacing.Trailing => Trailing(n, steps),
            Spacing.Linspace => Linspace(n - 1, steps),
            _ => throw new UnreachableException(),
        };
        var marks = Levels(levels, visited);
        if (config.KarrasSigmas)
        {
            marks = [.. Karras(marks[^1].Sigma, marks[0].Sigma, steps).Select(sigma => (sigma, levels.TimestepAt(sigma)))];
        }

        var first = marks[0].Sigma;
        return new(levels, marks, 0, spacing == Spacing.Leading ? Math.Sqrt(1 + (first * first)) : first);
    }

    private static Schedule DpmPlusPlus(SchedulerConfig config, NoiseLevels levels, int steps)
    {
        var n = config.TrainTimesteps;
        double[] visited = (config.Spacing ?? Spacing.Linspace) switch
        {
            Spacing.Leading => [.. Leading(n / (steps + 1), steps + 1, config.StepsOffset).Take(steps)],
            Spacing.Trailing => Trailing(n, steps),
            Spacing.Linspace => [.. Linspace(n - 1, steps + 1).Take(steps).Select(timestep => Math.Round(timestep))],
            _ => throw new UnreachableException(),
        };
        (double Sigma, double Timestep)[] marks = config.KarrasSigmas
            ? [.. Karras(levels.Sigmas[0], levels.Sigmas[^1], steps).Select(sigma => (sigma, Math.Round(levels.TimestepAt(sigma))))]
            : Levels(levels, visited);
        return AtUnitVariance(levels, marks, config.FinalSigmaMin ? levels.Sigmas[0] : 0);
    }

    private static Schedule AtUnitVariance(
        NoiseLevels levels, (double Sigma, double Timestep)[] visited, double last, int? stride = null, bool retakesFirst = false) =>
        new(levels, visited, last, Math.Sqrt(1 + (visited[0].Sigma * visited[0].Sigma)), stride, retakesFirst);

    private static (double Sigma, double Timestep)[] Levels(NoiseLevels levels, double[] timesteps) =>
        [.. timesteps.Select(timestep => (levels.SigmaAt(timestep), timestep))];

    private static double[] Leading(int ratio, int count, int offset) =>
        [.. Enumerable.Range(0, count).Select(i => (double)(((count - 1 - i) * ratio) + offset))];

    // By the stride that NumPy takes: what lies halfway between two timesteps is rounded as the reference does.
    private static double[] Trailing(int n, int steps)
    {
        var stride = n - ((double)n / steps) - n;
        return [.. Enumerable.Range(0, steps).Select(i => Math.Round(n + (i * stride)) - 1)];
    }

    private static double[] Linspace(double last, int count)
    {
        var stride = last / (count - 1);
        return [.. Enumerable.Range(0, count).Select(i => count == 1 ? 0 : i == 0 ? last : (count - 1 - i) * stride)];
    }

    // Karras et al. (2022), equation 5, with ρ = 7.
    private static IEnumerable<double> Karras(double smallest, double largest, int steps)
    {
        const double Rho = 7;
        var (low, high) = (Math.Pow(smallest, 1 / Rho), Math.Pow(largest, 1 / Rho));
        return Enumerable.Range(0, steps).Select(i => Math.Pow(high + (i / Math.Max(1, steps - 1.0) * (low - high)), Rho));
    }
}
