using System.Diagnostics;
using Dramatis.Checkpoints;
using Dramatis.Errors;
using Dramatis.Networks.Clip;
using Dramatis.Training.Records;
using Dramatis.Weights;

namespace Dramatis.Training.Adapters;

/// <summary>One training of an adapter for a base model that stays as it is: what all kinds have. Immutable.</summary>
public abstract record AdapterRequest
{
    private const int LargestSide = 512;

    /// <summary>Path of the model's folder, with its image encoder.</summary>
    public required string Model { get; init; }

    /// <summary>Folder of what is learned from.</summary>
    public required string Data { get; init; }

    /// <summary>Folder of the run: a run that was stopped there goes on.</summary>
    public required string Output { get; init; }

    /// <summary>Model folder whose adapter the training starts with; null: random weights.</summary>
    public string? From { get; init; }

    /// <summary>To learn from, one after another.</summary>
    public long Pictures { get; init; } = 100_000;

    /// <summary>Pictures a step.</summary>
    public int Batch { get; init; } = 8;

    /// <summary>Of the optimiser, above 0.</summary>
    public double LearningRate { get; init; } = 1e-4;

    /// <summary>Pictures between two evaluations.</summary>
    public long EvaluateEvery { get; init; } = 8000;

    /// <summary>Threads that share a step; null: two, where there are as many processors and the batch is even.</summary>
    public int? Workers { get; init; }

    /// <summary>Of everything that is drawn.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Pixels a side of a picture; null: the model's own, at most 512.</summary>
    public int? Resolution { get; init; }

    /// <summary>Records with more are broken.</summary>
    public int MostSubjects { get; init; } = 4;

    /// <summary>Leave broken records out.</summary>
    public bool SkipBad { get; init; }

    /// <summary>Folder that keeps what the encoders make of each record.</summary>
    public string? Cache { get; init; }

    /// <summary>Less memory for a third more time (gradient checkpointing).</summary>
    public bool Recompute { get; init; }

    /// <summary>What the model's weights are held in.</summary>
    public WeightStorage Storage { get; init; }

    /// <summary>How the numbers of the finished adapter are stored.</summary>
    public TensorType Stored { get; init; } = TensorType.F32;

    /// <summary>Scenes that are drawn to be learned from; 0: records are.</summary>
    private protected virtual int ScenesWanted => 0;

    /// <summary>Whether <see cref="Data"/> has records.</summary>
    private protected virtual bool LearnsFromRecords => ScenesWanted == 0;

    /// <summary>Whether the subjects of records are looked at.</summary>
    private protected virtual bool NeedsSubjects => true;

    /// <summary>Makes the training.</summary>
    /// <param name="progress">Told of broken records, and of what is made before.</param>
    /// <exception cref="DramatisException">The data, the model or a number is at fault.</exception>
    internal AdapterRun Open(IProgress<TrainingEvent>? progress, CancellationToken cancellationToken)
    {
        var trainer = TrainerOf();
        var records = LearnsFromRecords ? Records(progress) : [];
        var model = BaseModel.Load(Model, new() { Storage = Storage });
        ClipVisionEncoder? vision = null;
        try
        {
            vision = LoadVision(model.Folder);
            var (stage, samples) = StageOf(new(model, vision, records), progress, cancellationToken);
            return new(model, vision, stage, trainer, samples);
        }
        catch
        {
            vision?.Dispose();
            model.Dispose();
            throw;
        }
    }

    private protected abstract TrainerOptions TrainerOf();

    /// <summary>What looks at references, where that is an encoder of pictures alone.</summary>
    private protected virtual ClipVisionEncoder? LoadVision(ModelFolder folder) => null;

    // Why a record that is sound is of no use to this training, or null.
    private protected virtual string? Problem(TrainingRecord record) => null;

    /// <returns>The stage, and how many samples there are to learn from.</returns>
    private protected abstract (TrainingStage Stage, int Samples) StageOf(
        AdapterInputs inputs, IProgress<TrainingEvent>? progress, CancellationToken cancellationToken);

    /// <exception cref="InvalidRequestException">A number makes no sense.</exception>
    private protected TrainerOptions TrainerOf(Func<TrainingStep, double> schedule)
    {
        var trainer = new TrainerOptions
        {
            Steps = Steps(Pictures),
            Batch = Batch,
            LearningRate = LearningRate,
            Rate = schedule,
            Workers = Workers ?? TrainerOptions.UsualWorkers(Batch),
            EvaluateEvery = Steps(EvaluateEvery),
        };
        trainer.Validate();
        return trainer;

        // A part of a step counts as one; of a wrong size the trainer says what is wrong.
        long Steps(long pictures) => pictures > 0 ? Math.Max(1, pictures / Math.Max(1, Batch)) : 0;
    }

    /// <exception cref="InvalidRequestException">The model cannot have pictures of that size.</exception>
    private protected int Side(BaseModel model)
    {
        var side = Resolution ?? Math.Min(LargestSide, model.Defaults.Size.Width);
        var step = model.Vae.Config.Factor;
        return side > 0 && side % step == 0
            ? side
            : throw new InvalidRequestException("resolution", $"{side} is not a multiple of {step} pixels, which this model needs.");
    }

    /// <param name="stamp">Stands for the encoders and all sizes.</param>
    private protected EncodingCache? CacheOf(string stamp) => Cache is { } folder ? new(folder, stamp) : null;

    // Every one is checked.
    private IReadOnlyList<TrainingRecord> Records(IProgress<TrainingEvent>? progress)
    {
        var records = RecordSet.Load(Data, NeedsSubjects ? MostSubjects : int.MaxValue, NeedsSubjects).Sift(Problem);
        foreach (var problem in records.Problems)
        {
            progress?.Report(new RecordBroken(problem.ToString()));
        }

        return records.Require(SkipBad);
    }
}

/// <summary>What a training of an adapter is made of. The networks stay as they are.</summary>
internal sealed record AdapterInputs(BaseModel Model, ClipVisionEncoder? Encoder, IReadOnlyList<TrainingRecord> Records)
{
    public ClipVisionEncoder Vision => Encoder ?? throw new UnreachableException("This training has no image encoder.");
}

/// <summary>A training of an adapter that is ready to run, with the networks that it borrows.</summary>
/// <param name="Samples">How many there are to learn from.</param>
internal sealed record AdapterRun(BaseModel Model, ClipVisionEncoder? Vision, TrainingStage Stage, TrainerOptions Trainer, int Samples) : IDisposable
{
    public void Dispose()
    {
        Stage.Dispose();
        Vision?.Dispose();
        Model.Dispose();
    }
}
