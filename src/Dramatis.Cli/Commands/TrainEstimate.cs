using System.Diagnostics;
using System.Globalization;
using Dramatis.Training;

namespace Dramatis.Cli.Commands;

/// <summary>What a training would take, found out by a few of its steps.</summary>
internal static class TrainEstimate
{
    // The first step of a process pays for much that later ones do not.
    private const int TimedSteps = 3;

    // A weight, its gradient, two moments and the average.
    private const int NumbersOfAWeight = 5;

    public static string Of(TrainingStage stage, TrainerOptions trainer)
    {
        var numbers = stage.Networks.parameters().Where(weight => weight.requires_grad).Sum(weight => weight.numel());
        var watch = new Stopwatch();
        for (var i = 0; i < TimedSteps; i++)
        {
            watch.Restart();
            using var scope = TorchSharp.torch.NewDisposeScope();
            stage.Loss(new(new(i, trainer.Steps), i * trainer.Batch, trainer.Batch)).backward();
        }

        var total = TimeSpan.FromSeconds(watch.Elapsed.TotalSeconds * trainer.Steps);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{trainer.Steps} steps of {watch.Elapsed.TotalMilliseconds:0} ms, about {(int)total.TotalHours}:{total.Minutes:00}:{total.Seconds:00}; {numbers:N0} weights are tuned, {NumbersOfAWeight * sizeof(float) * numbers / 1048576.0:0} MiB with gradients and optimiser; nothing was written");
    }
}
