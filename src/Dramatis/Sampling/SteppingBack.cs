using Dramatis.Schedules;
using static TorchSharp.torch;

namespace Dramatis.Sampling;

/// <summary>Steps back by as many timesteps each, as the reference's DDIM and PNDM do, and takes the latents for those of the next visited timestep.</summary>
/// <remarks>The same level where the number of steps divides that of training; with others there is too much noise in them, or too little.</remarks>
internal sealed class SteppingBack(ISampler sampler, Schedule schedule) : ISampler
{
    public Tensor Step(Denoiser denoise, Tensor x, StepInfo step)
    {
        var reached = schedule.BackFrom(step);
        if (reached == step.Next)
        {
            return sampler.Step(denoise, x, step);
        }

        using var scope = NewDisposeScope();
        return (sampler.Step(denoise, x, step with { Next = reached }) * Retold(reached, step.Next)).MoveToOuterDisposeScope();
    }

    public void Dispose() => sampler.Dispose();

    /// <summary>What x = x0 + σ n is multiplied with so that x / sqrt(1 + σ²) stays the same at another σ.</summary>
    public static double Retold(double from, double to) => Math.Sqrt((1 + (to * to)) / (1 + (from * from)));
}
