using Dramatis.Checkpoints;
using Dramatis.Conditioning;
using Dramatis.Methods.MsDiffusion;
using Dramatis.Training.Diffusion;
using Dramatis.Training.Records;
using Dramatis.Weights;
using static TorchSharp.torch.nn;

namespace Dramatis.Training.MsDiffusion;

/// <summary>What a training of MS-Diffusion works with.</summary>
internal sealed record MsStageSetup
{
    public required IReadOnlyList<TrainingRecord> Records { get; init; }

    /// <summary>Belong to the caller; they are used, not trained.</summary>
    public required MsEncoders Encoders { get; init; }

    /// <summary>Belongs to the stage.</summary>
    public required MsDiffusionAdapter Adapter { get; init; }

    /// <summary>Pixels along one side of a picture.</summary>
    public required int Side { get; init; }

    public required ulong Seed { get; init; }

    public EncodingCache? Cache { get; init; }

    /// <summary>Gradient checkpointing.</summary>
    public bool Recompute { get; init; }

    /// <summary>How the finished adapter is stored.</summary>
    public TensorType Stored { get; init; } = TensorType.F32;
}

/// <summary>Trains resampler and image projections on a base that stays as it is.</summary>
internal sealed class MsStage : AdapterStage
{
    private readonly MsDiffusionAdapter adapter;
    private readonly TensorType stored;
    private readonly MsBatchMaker batches;
    private readonly MsBatchMaker exam;

    public MsStage(MsStageSetup setup)
        : base(setup.Encoders.Model, setup.Recompute)
    {
        (adapter, stored) = (setup.Adapter, setup.Stored);
        var options = new RecordBatchOptions(setup.Seed, setup.Side, Denoising.Process.Timesteps);
        batches = new(setup.Records, setup.Encoders, options, setup.Cache);
        exam = new(setup.Records, setup.Encoders, options with { Seed = ExamSeed }, setup.Cache);
    }

    public override string Name => MsDiffusionMethod.Name;

    public override Module Networks => adapter;

    public override void Export(string folder) =>
        new ModelWriter(folder, stored).Adapter(Name, adapter.Config.ToJson(), adapter);

    protected override (DenoisingBatch Batch, ConditioningSession Session) Open(long first, int count, bool isExam)
    {
        var (batch, references) = (isExam ? exam : batches).Make(first, count);
        using (references)
        {
            return (batch, references.Open(adapter, count));
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            batches.Dispose();
            exam.Dispose();
        }

        base.Dispose(disposing);
    }
}
