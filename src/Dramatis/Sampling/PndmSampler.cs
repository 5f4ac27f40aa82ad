using Dramatis.Schedules;
using static TorchSharp.torch;

namespace Dramatis.Sampling;

/// <summary>Pseudo linear multistep (Liu et al., 2022, eq. 12): DDIM along a mean of the last four directions.</summary>
/// <remarks>
/// The first step is taken again with the mean of the directions at its ends. Where a network predicts velocities the reference takes the mean of those,
/// and the direction of the mean from where the step begins.
/// </remarks>
/// <param name="prediction">What the network predicts.</param>
internal sealed class PndmSampler(Schedule schedule, Prediction prediction) : ISampler
{
    // Of the present direction and those before it, the latest first (Adams-Bashforth).
    private static readonly double[][] Weights =
    [
        [1],
        [3 / 2.0, -1 / 2.0],
        [23 / 12.0, -16 / 12.0, 5 / 12.0],
        [55 / 24.0, -59 / 24.0, 37 / 24.0, -9 / 24.0],
    ];

    private readonly List<Tensor> outputs = [];    // noise, or velocities; the latest first
    private Tensor? first;
    private double firstSigma;

    public Tensor Step(Denoiser denoise, Tensor x, StepInfo step)
    {
        using var scope = NewDisposeScope();
        var output = Output(x, denoise(x, step), step.Sigma);
        if (step.Index == 1 && first is not null)
        {
            var from = schedule.AheadOf(step) ?? firstSigma;
            var start = first * SteppingBack.Retold(firstSigma, from);

            // Once, also where a method repeats the step.
            first.Dispose();
            first = null;
            return Moved(start, (output + outputs[0]) / 2, from, step.Next).MoveToOuterDisposeScope();
        }

        if (outputs.Count == 0)
        {
            (first, firstSigma) = (x.alias().DetachFromDisposeScope(), step.Sigma);
        }

        Keep(output);
        var mean = Weights[outputs.Count - 1].Zip(outputs, (weight, kept) => weight * kept).Aggregate((sum, term) => sum + term);
        return Moved(x, mean, step.Sigma, step.Next).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        first?.Dispose();
        outputs.ForEach(output => output.Dispose());
        outputs.Clear();
    }

    // With x = x0 + σ n, noise is the direction of x along σ, and v = (n - σ x0) / sqrt(1 + σ²) (Salimans and Ho, 2022).
    private Tensor Output(Tensor x, Tensor clean, double sigma) => prediction == Prediction.Velocity
        ? ((x / (1 + (sigma * sigma))) - clean) * (Math.Sqrt(1 + (sigma * sigma)) / sigma)
        : (x - clean) / sigma;

    // Around x0, as Euler's method is written, and for the same reason.
    private Tensor Moved(Tensor x, Tensor output, double from, double to)
    {
        var variance = 1 + (from * from);
        return prediction == Prediction.Velocity
            ? (x * ((1 + (to * from)) / variance)) + (output * ((to - from) / Math.Sqrt(variance)))
            : x + ((to - from) * output);
    }

    private void Keep(Tensor output)
    {
        outputs.Insert(0, output.alias().DetachFromDisposeScope());
        if (outputs.Count > Weights.Length)
        {
            outputs[^1].Dispose();
            outputs.RemoveAt(outputs.Count - 1);
        }
    }
}
