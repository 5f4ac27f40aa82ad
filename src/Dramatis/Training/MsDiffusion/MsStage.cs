using Dramatis.Conditioning;
using Dramatis.Methods.MsDiffusion;
using Dramatis.Weights;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Training.MsDiffusion;

/// <summary>What a training of MS-Diffusion works with.</summary>
public sealed record MsStageSetup
{
    public required IReadOnlyList<MsRecord> Records { get; init; }

    /// <summary>Belong to the caller; they are used, not trained.</summary>
    public required MsEncoders Encoders { get; init; }

    /// <summary>Belongs to the stage.</summary>
    public required MsDiffusionAdapter Adapter { get; init; }

    /// <summary>Pixels along one side of a picture.</summary>
    public required int Side { get; init; }

    public required ulong Seed { get; init; }

    public MsEncodingCache? Cache { get; init; }

    /// <summary>Gradient checkpointing.</summary>
    public bool Recompute { get; init; }
}

/// <summary>Trains resampler and image projections on a base that stays as it is.</summary>
public sealed class MsStage : TrainingStage
{
    private const int ExamSamples = 8;
    private const ulong ExamSeed = 0xE7A3;

    private readonly MsStageSetup setup;
    private readonly MsObjective objective;
    private readonly MsBatchMaker batches;
    private readonly MsBatchMaker exam;

    // Of each worker the last: recomputed layers ask it again in the backward pass.
    private readonly ThreadLocal<ConditioningSession?> sessions = new(trackAllValues: true);

    public MsStage(MsStageSetup setup)
    {
        this.setup = setup;
        var model = setup.Encoders.Model;
        objective = new(model.UNet, setup.Adapter, model.Scheduler) { Recompute = setup.Recompute };
        var options = new MsBatchOptions(setup.Seed, setup.Side, objective.Timesteps);
        batches = new(setup.Records, setup.Encoders, options, setup.Cache);
        exam = new(setup.Records, setup.Encoders, options with { Seed = ExamSeed }, setup.Cache);
    }

    public override string Name => "ms-diffusion";

    public override Module Networks => setup.Adapter;

    public override Tensor Loss(TrainingShare share)
    {
        using var scope = NewDisposeScope();
        var inputs = batches.Make(share.First, share.Count);
        sessions.Value?.Dispose();
        sessions.Value = objective.Open(inputs);
        return objective.Loss(inputs, sessions.Value).MoveToOuterDisposeScope();
    }

    /// <summary>The loss of the same few samples with the same noise every time.</summary>
    public override IReadOnlyDictionary<string, double> Evaluate(TrainingStep step, string folder)
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var losses = Enumerable.Range(0, Math.Min(ExamSamples, setup.Records.Count)).Select(i =>
        {
            var inputs = exam.Make(i, 1);
            using var session = objective.Open(inputs);
            return objective.Loss(inputs, session).item<float>();
        });
        return new Dictionary<string, double> { ["exam_loss"] = losses.Average() };
    }

    public override void Export(string folder) =>
        new ModelWriter(folder, Checkpoints.TensorType.F32).Network("adapters/ms-diffusion", setup.Adapter.Config.ToJson(), setup.Adapter);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var session in sessions.Values)
            {
                session?.Dispose();
            }

            sessions.Dispose();
            batches.Dispose();
            exam.Dispose();
        }

        base.Dispose(disposing);
    }
}
