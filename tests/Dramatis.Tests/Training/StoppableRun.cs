using Dramatis.Training;

namespace Dramatis.Tests.Training;

/// <summary>A training of four steps that may be stopped before.</summary>
internal static class StoppableRun
{
    /// <returns>Whether it came to its end.</returns>
    public static bool Of(TrainingStage stage, string folder, int? stopAfter)
    {
        using var stop = new CancellationTokenSource();
        var options = new TrainerOptions { Steps = 4, Batch = 1, Workers = 1, LearningRate = 1e-3, EvaluateEvery = 4, EmaDecay = 0 };
        try
        {
            new Trainer(stage, options, folder).Run(new Stopping(stop, stopAfter), stop.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
