using System.Collections.ObjectModel;
using Dramatis.Tensors;
using static TorchSharp.torch.nn;

namespace Dramatis.Training;

/// <summary>What is trained, on what, and how it is judged. The <see cref="Trainer"/> does the rest.</summary>
/// <remarks>
/// Whatever a stage draws depends on the number of the picture alone (<see cref="StableRandom"/>), never on a running generator:
/// so a training that was stopped goes on as if it had not been.
/// </remarks>
internal abstract class TrainingStage : IDisposable
{
    /// <summary>Of what stages are judged by, whatever they learn from.</summary>
    public const ulong ExamSeed = 0xE7A3;

    /// <summary>One word for messages and file names.</summary>
    public abstract string Name { get; }

    /// <summary>What the result depends on, by name. A checkpoint that was begun with other values is refused.</summary>
    public virtual IReadOnlyDictionary<string, string> Settings => ReadOnlyDictionary<string, string>.Empty;

    /// <summary>The networks; those of their weights that want gradients are trained.</summary>
    public abstract Module Networks { get; }

    /// <summary>How many threads may ask for losses at once.</summary>
    public virtual int MostWorkers => TrainerOptions.MostWorkers;

    /// <summary>The mean loss of a share of the pictures; it belongs to the caller. Several threads call it at once, on the same weights.</summary>
    public abstract TrainingLoss Loss(TrainingShare share);

    /// <summary>Judges the networks as they are, which is the running average of the weights.</summary>
    /// <param name="folder">Where sample sheets go; it exists.</param>
    /// <returns>Figures by name, for the log.</returns>
    public virtual IReadOnlyDictionary<string, double> Evaluate(TrainingStep step, string folder) =>
        new Dictionary<string, double>();

    /// <summary>Writes the finished model.</summary>
    public abstract void Export(string folder);

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Whether the networks end with the stage.</summary>
    protected virtual bool OwnsNetworks => true;

    protected virtual void Dispose(bool disposing)
    {
        if (disposing && OwnsNetworks)
        {
            Networks.Dispose();
        }
    }
}
