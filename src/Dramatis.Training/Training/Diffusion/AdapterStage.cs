using Dramatis.Conditioning;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Training.Diffusion;

/// <summary>Trains an adapter on a base that stays as it is.</summary>
/// <param name="recompute">Gradient checkpointing.</param>
internal abstract class AdapterStage(BaseModel model, bool recompute) : TrainingStage
{
    private const int ExamSamples = 8;

    // Of each worker the last: recomputed layers ask it again in the backward pass.
    private readonly ThreadLocal<ConditioningSession?> sessions = new(trackAllValues: true);

    private readonly Frozen frozen = Frozen.Take(model.UNet);

    protected DenoisingLoss Denoising { get; } = new(model.UNet, new(model.Scheduler)) { Recompute = recompute };

    public override Tensor Loss(TrainingShare share)
    {
        using var scope = NewDisposeScope();
        var (batch, session) = Open(share.First, share.Count, isExam: false);
        sessions.Value?.Dispose();
        sessions.Value = session;
        using (batch)
        {
            return Denoising.Mean(batch, session).MoveToOuterDisposeScope();
        }
    }

    /// <summary>The loss of the same few samples with the same noise every time.</summary>
    public override IReadOnlyDictionary<string, double> Evaluate(TrainingStep step, string folder)
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var losses = Enumerable.Range(0, ExamSamples).Select(i =>
        {
            var (batch, session) = Open(i, 1, isExam: true);
            using (batch)
            using (session)
            {
                return Denoising.Mean(batch, session).item<float>();
            }
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
            foreach (var session in sessions.Values)
            {
                session?.Dispose();
            }

            sessions.Dispose();
            frozen.Dispose();
        }

        base.Dispose(disposing);
    }
}
