using System.Diagnostics;
using static TorchSharp.torch;

namespace Dramatis.Training.Learned;

/// <summary>What a learning would take.</summary>
/// <param name="Step">Time of one.</param>
/// <param name="TunedWeights">Numbers that are trained.</param>
public sealed record LearnEstimate(long Steps, TimeSpan Step, long TunedWeights)
{
    // The first step of a process pays for much that later ones do not.
    private const int TimedSteps = 3;

    // A weight, its gradient, two moments and the average.
    private const int NumbersOfAWeight = 5;

    /// <summary>Time of all steps.</summary>
    public TimeSpan Time => TimeSpan.FromSeconds(Step.TotalSeconds * Steps);

    /// <summary>Memory of the weights that are trained, with gradients and optimiser.</summary>
    public long TunedBytes => NumbersOfAWeight * sizeof(float) * TunedWeights;

    internal static LearnEstimate Of(TrainingStage stage, TrainerOptions trainer)
    {
        var numbers = stage.Networks.parameters().Where(weight => weight.requires_grad).Sum(weight => weight.numel());
        var watch = new Stopwatch();
        for (var i = 0; i < TimedSteps; i++)
        {
            watch.Restart();
            using var scope = NewDisposeScope();
            using var loss = stage.Loss(new(new(i, trainer.Steps), i * trainer.Batch, trainer.Batch));
            loss.Total.backward();
        }

        return new(trainer.Steps, watch.Elapsed, numbers);
    }
}
