using Dramatis.Errors;
using Dramatis.Pipelines;
using static TorchSharp.torch.nn;

namespace Dramatis.Training.Adapters;

/// <summary>Trains adapters for a base model that stays as it is.</summary>
public static class AdapterTraining
{
    /// <summary>
    /// Trains on a thread of its own: events in order, <see cref="TrainingFinished"/> the last. Leaving the enumeration early stops the work.
    /// </summary>
    /// <exception cref="DramatisException">The request cannot be done; nothing was trained.</exception>
    public static IAsyncEnumerable<TrainingEvent> RunAsync(AdapterRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return EventStream.Of<TrainingEvent>((progress, stop) => EventStream.OnOwnThread(() => Run(request, progress, stop), stop), cancellationToken);
    }

    /// <summary>The same on the caller's thread.</summary>
    /// <exception cref="DramatisException">The request cannot be done; nothing was trained.</exception>
    /// <exception cref="OperationCanceledException">Stopped; it goes on from the last whole step.</exception>
    public static void Run(AdapterRequest request, IProgress<TrainingEvent>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var run = request.Open(progress, cancellationToken);
        new Trainer(run.Stage, run.Trainer, request.Output).Run(progress, cancellationToken);
    }

    /// <summary>What it would take, from one picture done for real; nothing is written but scenes, where it learns from these.</summary>
    /// <exception cref="DramatisException">The request cannot be done.</exception>
    public static AdapterEstimate Estimate(AdapterRequest request, IProgress<TrainingEvent>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var run = request.Open(progress, cancellationToken);
        var model = run.Model;
        return new(run.Samples, run.Trainer.Steps, run.Trainer.Batch, StageEstimate.Of(
            run.Stage, new Module?[] { model.UNet, model.Vae, model.TextEncoder, run.Vision }.OfType<Module>()));
    }
}

/// <summary>What a training of an adapter would take.</summary>
/// <param name="Samples">To learn from.</param>
/// <param name="Batch">Pictures a step.</param>
public sealed record AdapterEstimate(int Samples, long Steps, int Batch, StageEstimate Stage)
{
    /// <summary>Of all steps, on this machine.</summary>
    public TimeSpan Time => TimeSpan.FromSeconds(Stage.SecondsAPicture * Steps * Batch);
}
