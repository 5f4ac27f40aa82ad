using Dramatis.Schedules;
using static TorchSharp.torch;

namespace Dramatis.Sampling;

/// <summary>Euler's method for dx/dσ = (x - x0) / σ (Karras et al., 2022, algorithm 1). DDIM without noise of its own is the same step.</summary>
/// <remarks>Written around x0 rather than as x + d Δσ: at the noise levels of a zero signal the difference of large numbers would be lost.</remarks>
internal sealed class EulerSampler : ISampler
{
    public Tensor Step(Denoiser denoise, Tensor x, StepInfo step)
    {
        using var scope = NewDisposeScope();
        var clean = denoise(x, step);
        var d = (x - clean) / step.Sigma;
        return (clean + (step.Next * d)).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        // Keeps nothing.
    }
}
