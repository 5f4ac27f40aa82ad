using Dramatis.Schedules;
using static TorchSharp.torch;

namespace Dramatis.Sampling;

/// <summary>Heun's method for dx/dσ = (x - x0) / σ (Karras et al., 2022, algorithm 2 without churn).</summary>
internal sealed class HeunSampler : ISampler
{
    public Tensor Step(Denoiser denoise, Tensor x, StepInfo step)
    {
        using var scope = NewDisposeScope();
        var dt = step.Next - step.Sigma;
        var clean = denoise(x, step);
        var d = (x - clean) / step.Sigma;                                                         // line 7
        var euler = clean + (step.Next * d);                                                      // line 8
        if (step.Next == 0)
        {
            return euler.MoveToOuterDisposeScope();
        }

        var corrected = (euler - denoise(euler, step with { Sigma = step.Next })) / step.Next;    // line 10
        return (x + (.5 * dt * (d + corrected))).MoveToOuterDisposeScope();                       // line 11
    }

    public void Dispose()
    {
        // Keeps nothing.
    }
}
