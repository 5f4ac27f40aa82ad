using System.Diagnostics;
using Dramatis.Errors;
using Dramatis.Files;
using Dramatis.Tensors;
using static TorchSharp.torch;

namespace Dramatis.Training;

/// <summary>Trains a stage: steps, running average, checkpoints, log, evaluations, the finished model.</summary>
/// <remarks>
/// In the folder: <c>checkpoint.safetensors</c>, <c>loss.csv</c>, <c>evaluations.csv</c>, <c>samples/</c>, whenever it stops <c>loss.png</c>, and
/// at the end <c>model/</c>. A training that finds a checkpoint goes on from it and ends with the same bits as one that was never stopped,
/// on the same machine and number of workers.
/// </remarks>
internal sealed class Trainer(TrainingStage stage, TrainerOptions options, string folder)
{
    /// <summary>Name of the folder with the finished model.</summary>
    public const string ModelFolder = "model";

    /// <summary>Name of the folder with pictures of what is learned so far.</summary>
    public const string SamplesFolder = "samples";

    private const int WorkPerSave = 50;    // times as long as the last one took

    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(10);

    private readonly string checkpoint = Path.Combine(folder, TrainingCheckpoint.FileName);
    private readonly TrainingClock clock = new();

    /// <exception cref="InvalidRequestException">A number of the options makes no sense, or is too large for the stage.</exception>
    /// <exception cref="FolderInUseException">Another process trains into the folder.</exception>
    /// <exception cref="OutputNotWrittenException">The folder cannot be written to.</exception>
    /// <exception cref="InvalidCheckpointException">The folder has a checkpoint of another training, or of one with other settings.</exception>
    /// <exception cref="OperationCanceledException">Stopped; a checkpoint of the last whole step was written first.</exception>
    public void Run(IProgress<TrainingEvent>? progress = null, CancellationToken cancellationToken = default)
    {
        options.Validate();
        InvalidRequestException.ThrowUnless(
            options.Workers <= stage.MostWorkers, "workers", $"{options.Workers} threads cannot share the steps of this training; take {stage.MostWorkers}.");
        using var held = FolderLock.Take(folder);
        using var optimizer = new AdamW(stage.Networks, options.Optimizer);
        var resumed = File.Exists(checkpoint);
        if (resumed)
        {
            TrainingCheckpoint.Load(checkpoint, stage, optimizer);
        }

        progress?.Report(new TrainingStarted(optimizer.Steps, options.Steps, resumed));
        try
        {
            Train(optimizer, progress, cancellationToken);
        }
        finally
        {
            LossCurve.Write(folder);
        }

        using var finalizers = FinalizerHold.Take();
        optimizer.ExchangeAverage();
        stage.Export(Path.Combine(folder, ModelFolder));
        optimizer.ExchangeAverage();
        progress?.Report(new TrainingFinished(optimizer.Steps, options.Steps, Path.Combine(folder, ModelFolder)));
    }

    private void Train(AdamW optimizer, IProgress<TrainingEvent>? progress, CancellationToken cancellationToken)
    {
        using var team = new WorkerTeam(options.Workers);
        using var losses = new LossLog(folder, optimizer.Steps);
        using var evaluations = new EvaluationLog(folder, optimizer.Steps);
        var (saved, pause) = (Stopwatch.StartNew(), PauseAfter(TimeSpan.Zero));
        try
        {
            while (optimizer.Steps < options.Steps)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Step(team, optimizer, losses, progress);
                if (optimizer.Steps % options.EvaluateEvery == 0 || optimizer.Steps == options.Steps)
                {
                    Evaluate(optimizer, evaluations, progress);
                }

                if (saved.Elapsed >= pause)
                {
                    saved.Restart();
                    Save(optimizer, losses, progress);
                    pause = PauseAfter(saved.Elapsed);
                    saved.Restart();
                }
            }
        }
        finally
        {
            Save(optimizer, losses, progress);
        }
    }

    // Whatever is quickly saved is saved often, so that little is lost with a process that is killed.
    private TimeSpan PauseAfter(TimeSpan save)
    {
        var pause = save * WorkPerSave > ShortestPause ? save * WorkPerSave : ShortestPause;
        return pause < options.SaveEvery ? pause : options.SaveEvery;
    }

    private void Step(WorkerTeam team, AdamW optimizer, LossLog log, IProgress<TrainingEvent>? progress)
    {
        using var held = FinalizerHold.Take();
        var step = new TrainingStep(optimizer.Steps, options.Steps);
        var rate = options.LearningRate * options.Rate(step);
        var loss = Backward(team, optimizer, step);
        var norm = optimizer.Step(team, options.Workers, new(rate, options.ClipNorm, Follow(step.Index)));
        log.Add(step.Index, loss, rate, norm);
        clock.Add(loss, options.Batch);
        var left = clock.SecondsLeft(options.Steps - optimizer.Steps, options.Batch);
        progress?.Report(new TrainingStepDone(optimizer.Steps, options.Steps, loss.Total, clock.AverageLoss, rate, clock.Speed, left)
        {
            AverageParts = clock.AverageParts.Count == 0 ? null : clock.AverageParts,
        });
    }

    // Two threads add their gradients up on the weights: in any order to the same sum. A third could not.
    private LossFigures Backward(WorkerTeam team, AdamW optimizer, TrainingStep step)
    {
        var shares = options.Workers * options.Accumulation;
        var count = options.Batch / shares;
        var losses = new LossFigures[shares];
        for (var round = 0; round < options.Accumulation; round++)
        {
            var first = round * options.Workers;
            team.Run(worker =>
            {
                using var scope = NewDisposeScope();
                var share = first + worker;
                using var loss = stage.Loss(new(step, (step.Index * options.Batch) + (share * count), count));
                (loss.Total / shares).backward();
                losses[share] = LossFigures.Of(loss);
            });
            optimizer.Gather(isLast: round == options.Accumulation - 1);
        }

        return LossFigures.Mean(losses);
    }

    // At first the average must forget the random start.
    private double Follow(long step) => 1 - Math.Min(options.EmaDecay, (1.0 + step) / (10 + step));

    private void Evaluate(AdamW optimizer, EvaluationLog log, IProgress<TrainingEvent>? progress)
    {
        using var held = FinalizerHold.Take();
        clock.Pause();
        var samples = Path.Combine(folder, SamplesFolder);
        Directory.CreateDirectory(samples);
        optimizer.ExchangeAverage();
        try
        {
            var figures = stage.Evaluate(new(optimizer.Steps, options.Steps), samples);
            log.Add(optimizer.Steps, figures);
            progress?.Report(new TrainingEvaluated(optimizer.Steps, options.Steps, figures));
        }
        finally
        {
            optimizer.ExchangeAverage();
            clock.Resume();
        }
    }

    private void Save(AdamW optimizer, LossLog log, IProgress<TrainingEvent>? progress)
    {
        using var held = FinalizerHold.Take();
        clock.Pause();
        log.Flush();
        TrainingCheckpoint.Save(checkpoint, stage, optimizer);
        progress?.Report(new TrainingSaved(optimizer.Steps, options.Steps, checkpoint));
        clock.Resume();
    }
}
