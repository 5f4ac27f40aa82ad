using Dramatis.Schedules;
using static TorchSharp.torch;

namespace Dramatis.Sampling;

/// <summary>UniPC of second order with B(h) = e^h - 1 and x0 as the model's word (Zhao et al., 2023, algorithms 5 to 8), λ = -log σ.</summary>
/// <remarks>Each step first corrects the one before it by what the network says at its end; that costs no call of its own.</remarks>
internal sealed class UniPcSampler(SchedulerConfig config) : ISampler
{
    private readonly List<(Tensor Clean, double Sigma)> past = [];    // the latest first, at most two
    private Tensor? from;                                             // where the last step began
    private StepInfo last;
    private int lastOrder;

    public Tensor Step(Denoiser denoise, Tensor x, StepInfo step)
    {
        using var scope = NewDisposeScope();
        var clean = denoise(x, step);
        if (from is not null && last.Next == step.Sigma)
        {
            x = Correct(clean);
        }
        else
        {
            Dispose();    // the first step, or one that is repeated
        }

        Keep(x, clean, step);
        lastOrder = Math.Min(past.Count, config.LowerOrderFinal ? step.Count - step.Index : config.SolverOrder);
        return Predict(x, step).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        from?.Dispose();
        from = null;
        past.ForEach(item => item.Clean.Dispose());
        past.Clear();
    }

    // e^-h x + (1 - e^-h) (x0 + D / (2 r)), D the difference to the guess before.
    private Tensor Predict(Tensor x, StepInfo step)
    {
        var ratio = step.Next / step.Sigma;                                       // e^-h
        var guess = lastOrder == 1 ? past[0].Clean : past[0].Clean + (Slope(step) / 2);
        return (ratio * x) + ((1 - ratio) * guess);
    }

    private Tensor Correct(Tensor clean)
    {
        var ratio = last.Next / last.Sigma;
        var change = clean - past[0].Clean;
        var guess = past[0].Clean;
        if (lastOrder == 1)
        {
            guess += change / 2;
        }
        else
        {
            var (before, now) = CorrectorWeights();
            guess += (before * Slope(last)) + (now * change);
        }

        return (ratio * from!) + ((1 - ratio) * guess);
    }

    // How the guess changed on the way to the step's start, for one h.
    private Tensor Slope(StepInfo step) => (past[1].Clean - past[0].Clean) / PastRatio(step);

    // r: where the guess before was taken, in units of h from the step's start; negative.
    private double PastRatio(StepInfo step) => Math.Log(step.Sigma / past[1].Sigma) / Math.Log(step.Sigma / step.Next);

    // The two weights that make the corrector exact for guesses linear in λ (eq. 8 with p = 2).
    private (double Before, double Now) CorrectorWeights()
    {
        var h = -Math.Log(last.Sigma / last.Next);
        var scale = double.ExpM1(h);                                              // B(h)
        var first = (scale / h) - 1;
        var second = (first / h) - .5;
        var (b1, b2) = (first / scale, 2 * second / scale);
        var before = (b2 - b1) / (PastRatio(last) - 1);
        return (before, b1 - before);
    }

    private void Keep(Tensor x, Tensor clean, StepInfo step)
    {
        from?.Dispose();
        from = x.alias().DetachFromDisposeScope();
        last = step;
        past.Insert(0, (clean.alias().DetachFromDisposeScope(), step.Sigma));
        if (past.Count > config.SolverOrder)
        {
            past[^1].Clean.Dispose();
            past.RemoveAt(past.Count - 1);
        }
    }
}
