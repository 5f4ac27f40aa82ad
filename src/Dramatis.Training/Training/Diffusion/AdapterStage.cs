using Dramatis.Conditioning;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Training.Diffusion;

/// <summary>Trains an adapter on a base that stays as it is.</summary>
/// <param name="recompute">Gradient checkpointing.</param>
internal abstract class AdapterStage(BaseModel model, bool recompute) : TrainingStage
{
    private const int ExamSamples = 8;

    private readonly Frozen frozen = Frozen.Take(model.UNet);

    /// <summary>The base; the caller's.</summary>
    protected BaseModel Model { get; } = model;

    protected DenoisingLoss Denoising { get; } = new(model.UNet, new(model.Scheduler)) { Recompute = recompute };

    public override TrainingLoss Loss(TrainingShare share)
    {
        using var scope = NewDisposeScope();
        return LossOf(share.First, share.Count, isExam: false);
    }

    /// <summary>The loss of the same few samples with the same noise every time.</summary>
    public override IReadOnlyDictionary<string, double> Evaluate(TrainingStep step, string folder)
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var losses = Enumerable.Range(0, ExamSamples).Select(i =>
        {
            using var loss = LossOf(i, 1, isExam: true);
            return loss.Total.item<float>();
        });
        return new Dictionary<string, double> { ["exam_loss"] = losses.Average() };
    }

    /// <summary>Makes a batch and opens what the adapter does in it.</summary>
    /// <param name="first">The first sample; samples are counted from the start of the training.</param>
    /// <param name="isExam">From the samples that are only looked at.</param>
    protected abstract (DenoisingBatch Batch, ConditioningSession Session) Open(long first, int count, bool isExam);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            frozen.Dispose();
        }

        base.Dispose(disposing);
    }

    private TrainingLoss LossOf(long first, int count, bool isExam)
    {
        var (batch, session) = Open(first, count, isExam);
        return Denoising.Of(batch, session);
    }
}
