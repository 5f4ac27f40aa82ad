using System.Diagnostics;

namespace Dramatis.Training;

/// <summary>Running means of loss and speed.</summary>
internal sealed class TrainingClock
{
    // A new value counts one part in so many.
    private const double LossMemory = 100;
    private const double SpeedMemory = 60;

    private readonly Stopwatch watch = Stopwatch.StartNew();
    private readonly Dictionary<string, double> averages = [];
    private long steps;
    private double secondsAStep;
    private double picturesAStep;

    public double AverageLoss { get; private set; }

    /// <summary>The parts of the loss by name.</summary>
    public IReadOnlyDictionary<string, double> AverageParts => averages;

    public double Speed => secondsAStep == 0 ? 0 : picturesAStep / secondsAStep;

    public double SecondsLeft(long stepsLeft, int batch) => Speed == 0 ? 0 : stepsLeft * batch / Speed;

    /// <summary>Notes a step that took the time since the last one.</summary>
    public void Add(LossFigures loss, int pictures)
    {
        steps++;
        AverageLoss += (loss.Total - AverageLoss) / Math.Min(steps, LossMemory);
        foreach (var (name, value) in loss.Parts)
        {
            var before = averages.GetValueOrDefault(name);
            averages[name] = before + ((value - before) / Math.Min(steps, LossMemory));
        }

        // The first step, which warms everything up, is forgotten with the second.
        secondsAStep += (watch.Elapsed.TotalSeconds - secondsAStep) / Math.Clamp(steps - 1, 1, SpeedMemory);
        picturesAStep = pictures;
        watch.Restart();
    }

    public void Pause() => watch.Stop();

    public void Resume() => watch.Start();
}
