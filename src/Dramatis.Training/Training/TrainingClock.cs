using System.Diagnostics;

namespace Dramatis.Training;

/// <summary>Running means of loss and speed.</summary>
internal sealed class TrainingClock
{
    // A new value counts one part in so many.
    private const double LossMemory = 100;
    private const double SpeedMemory = 60;

    private readonly Stopwatch watch = Stopwatch.StartNew();
    private long steps;
    private double secondsAStep;
    private double picturesAStep;

    public double AverageLoss { get; private set; }

    public double Speed => secondsAStep == 0 ? 0 : picturesAStep / secondsAStep;

    public double SecondsLeft(long stepsLeft, int batch) => Speed == 0 ? 0 : stepsLeft * batch / Speed;

    /// <summary>Notes a step that took the time since the last one.</summary>
    public void Add(double loss, int pictures)
    {
        steps++;
        AverageLoss += (loss - AverageLoss) / Math.Min(steps, LossMemory);
        secondsAStep += (watch.Elapsed.TotalSeconds - secondsAStep) / Math.Min(steps, SpeedMemory);
        picturesAStep = pictures;
        watch.Restart();
    }

    public void Pause() => watch.Stop();

    public void Resume() => watch.Start();
}
