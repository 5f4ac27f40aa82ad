using Dramatis.Schedules;
using static TorchSharp.torch;

namespace Dramatis.Sampling;

/// <summary>DPM-Solver++(2M) (Lu et al., 2022, algorithm 2) with λ = -log σ.</summary>
/// <param name="noise">Makes it the solver of the stochastic equation (appendix B there); null for the ordinary one.</param>
internal sealed class DpmPlusPlus2MSampler(SchedulerConfig config, Noise? noise = null) : ISampler
{
    // Runs shorter than this end with a step of first order.
    private const int Short = 15;

    private Tensor? last;          // x0 as guessed at the step before
    private double lastSigma;

    public Tensor Step(Denoiser denoise, Tensor x, StepInfo step)
    {
        using var scope = NewDisposeScope();
        var clean = denoise(x, step);
        var ratio = step.Next / step.Sigma;                                       // e^-h
        var guess = clean;
        if (last is not null && lastSigma > step.Sigma && !IsFirstOrder(step))    // a repeated step starts anew
        {
            var h = Math.Log(step.Sigma / step.Next);
            var r = Math.Log(lastSigma / step.Sigma) / h;
            guess = clean + ((clean - last) / (2 * r));                           // D of line 9
        }

        last?.Dispose();
        (last, lastSigma) = (clean.alias().DetachFromDisposeScope(), step.Sigma);
        if (noise is null)
        {
            return ((ratio * x) + ((1 - ratio) * guess)).MoveToOuterDisposeScope();   // line 10
        }

        var kept = ratio * ratio;                                                     // e^-2h
        return ((kept * x) + ((1 - kept) * guess) + (step.Next * Math.Sqrt(1 - kept) * noise.Like(x))).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        last?.Dispose();
        last = null;
    }

    private bool IsFirstOrder(StepInfo step) => config.SolverOrder == 1
        || (step.Index == step.Count - 1
            && (step.Next == 0 || config.EulerAtFinal || (config.LowerOrderFinal && step.Count < Short)));
}
