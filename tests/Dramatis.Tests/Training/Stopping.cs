using Dramatis.Training;

namespace Dramatis.Tests.Training;

/// <summary>Stops a training after a step, as Ctrl-C does; after none when that is null.</summary>
internal sealed class Stopping(CancellationTokenSource stop, long? after) : IProgress<TrainingEvent>
{
    public void Report(TrainingEvent value)
    {
        if (value is TrainingStepDone && value.Step == after)
        {
            stop.Cancel();
        }
    }
}
