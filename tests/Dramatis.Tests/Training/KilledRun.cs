using Dramatis.Training;

namespace Dramatis.Tests.Training;

/// <summary>A training whose folder is left as if it had been killed some time after a step: with a checkpoint of that step.</summary>
internal static class KilledRun
{
    public static void Of(TrainingStage stage, string folder, int after, TrainerOptions? options = null)
    {
        var kept = Path.Combine(folder, "kept");
        var often = (options ?? StoppableRun.Options) with { SaveEvery = TimeSpan.Zero };

        new Trainer(stage, often, folder).Run(new Keeping(after, kept), TestContext.Current.CancellationToken);
        File.Move(kept, Path.Combine(folder, "checkpoint.safetensors"), overwrite: true);
    }

    private sealed class Keeping(int step, string kept) : IProgress<TrainingEvent>
    {
        public void Report(TrainingEvent value)
        {
            if (value is TrainingSaved saved && saved.Step == step)
            {
                File.Copy(saved.Path, kept);
            }
        }
    }
}
