using Dramatis.Training;

namespace Dramatis.Tests.Training;

/// <summary>A training of a few steps that may be stopped before.</summary>
internal static class StoppableRun
{
    /// <summary>Four steps of one picture each, with the weights that the last one leaves.</summary>
    public static TrainerOptions Options { get; } = new() { Steps = 4, Batch = 1, Workers = 1, LearningRate = 1e-3, EvaluateEvery = 4, EmaDecay = 0 };

    /// <returns>Whether it came to its end.</returns>
    public static bool Of(TrainingStage stage, string folder, int? stopAfter, TrainerOptions? options = null)
    {
        using var stop = new CancellationTokenSource();
        try
        {
            new Trainer(stage, options ?? Options, folder).Run(new Stopping(stop, stopAfter), stop.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
