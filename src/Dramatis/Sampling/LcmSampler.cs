using Dramatis.Schedules;
using static TorchSharp.torch;

namespace Dramatis.Sampling;

/// <summary>Multistep consistency sampling (Luo et al., 2023, algorithm 3): guess the clean latents, then noise them to the next level.</summary>
internal sealed class LcmSampler(SchedulerConfig config, Schedule schedule, Noise noise) : ISampler
{
    // σ_data of the boundary condition, as the reference has it.
    private const double DataDeviation = .5;

    public Tensor Step(Denoiser denoise, Tensor x, StepInfo step)
    {
        using var scope = NewDisposeScope();
        var time = config.TimestepScaling * schedule.TimestepAt(step.Sigma);
        var variance = (time * time) + (DataDeviation * DataDeviation);
        var skip = DataDeviation * DataDeviation / variance;                                      // Luo et al. (2023), eq. 9
        var unit = x / Math.Sqrt(1 + (step.Sigma * step.Sigma));
        var clean = (skip * unit) + (time / Math.Sqrt(variance) * denoise(x, step));
        return (step.Next == 0 ? clean : clean + (step.Next * noise.Like(x))).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        // Keeps nothing.
    }
}
