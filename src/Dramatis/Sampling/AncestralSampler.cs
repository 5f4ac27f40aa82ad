using Dramatis.Schedules;
using static TorchSharp.torch;

namespace Dramatis.Sampling;

/// <summary>Euler's method to below the next noise level, then noise up to it: the posterior of Ho et al. (2020), eq. 6 and 7.</summary>
/// <remarks>In the space x = x0 + σ n this is DDPM, Euler ancestral, and DDIM with η (Song et al., 2021, eq. 16), by η.</remarks>
/// <param name="share">η: the share of the posterior's deviation that is drawn anew, 0 to 1.</param>
internal sealed class AncestralSampler(Noise noise, double share = 1) : ISampler
{
    public Tensor Step(Denoiser denoise, Tensor x, StepInfo step)
    {
        using var scope = NewDisposeScope();
        var clean = denoise(x, step);
        var (variance, next) = (step.Sigma * step.Sigma, step.Next * step.Next);
        var drawn = share * share * next * (variance - next) / variance;
        var kept = Math.Sqrt(next - drawn) / step.Sigma;
        return (clean + (kept * (x - clean)) + (Math.Sqrt(drawn) * noise.Like(x))).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        // Keeps nothing.
    }
}
