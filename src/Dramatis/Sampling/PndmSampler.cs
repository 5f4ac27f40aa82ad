using Dramatis.Schedules;
using static TorchSharp.torch;

namespace Dramatis.Sampling;

/// <summary>Pseudo linear multistep (Liu et al., 2022, eq. 12): DDIM along a mean of the last four directions.</summary>
/// <remarks>The schedule visits the second noise level twice; the first step is taken again with the mean of the directions at its ends.</remarks>
internal sealed class PndmSampler(Schedule schedule) : ISampler
{
    // Of the present direction and those before it, the latest first (Adams-Bashforth).
    private static readonly double[][] Weights =
    [
        [1],
        [3 / 2.0, -1 / 2.0],
        [23 / 12.0, -16 / 12.0, 5 / 12.0],
        [55 / 24.0, -59 / 24.0, 37 / 24.0, -9 / 24.0],
    ];

    private readonly List<Tensor> directions = [];    // the latest first
    private Tensor? first;
    private double firstSigma;

    public Tensor Step(Denoiser denoise, Tensor x, StepInfo step)
    {
        using var scope = NewDisposeScope();
        var d = (x - denoise(x, step)) / step.Sigma;
        if (step.Sigma == step.Next && first is not null)
        {
            var from = schedule.AheadOf(step) ?? firstSigma;
            var start = first * SteppingBack.Retold(firstSigma, from);

            // Once: a run may also end at the level that it visits last.
            first.Dispose();
            first = null;
            return (start + ((step.Next - from) * (d + directions[0]) / 2)).MoveToOuterDisposeScope();
        }

        if (directions.Count == 0)
        {
            (first, firstSigma) = (x.alias().DetachFromDisposeScope(), step.Sigma);
        }

        Keep(d);
        var weights = Weights[directions.Count - 1];
        var mean = weights.Zip(directions, (weight, direction) => weight * direction).Aggregate((sum, term) => sum + term);
        return (x + ((step.Next - step.Sigma) * mean)).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        first?.Dispose();
        directions.ForEach(direction => direction.Dispose());
        directions.Clear();
    }

    private void Keep(Tensor direction)
    {
        directions.Insert(0, direction.alias().DetachFromDisposeScope());
        if (directions.Count > Weights.Length)
        {
            directions[^1].Dispose();
            directions.RemoveAt(directions.Count - 1);
        }
    }
}
