using Dramatis.Conditioning;
using Dramatis.Schedules;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Training.Subjects;

/// <summary>A base model as learning uses it: no sampling, one noise level a row.</summary>
/// <remarks>Shapes: as in <see cref="LearningBatch"/>; E text width, P pooled width.</remarks>
internal sealed class LearningModel(BaseModel model)
{
    private static readonly StepInfo AnyStep = new(0, 1, 0, 0);

    public BaseModel Base => model;

    public LearningTarget Target { get; init; } = new(model.Scheduler);

    /// <summary>The text context (B, L, E) and, for models that want it, the pooled text (B, P). Gradients flow.</summary>
    public (Tensor Text, Tensor? Pooled) Encode(LearningBatch batch) => Encode(batch.Ids, batch.SecondIds);

    /// <summary>The same of token ids (B, L) alone.</summary>
    public (Tensor Text, Tensor? Pooled) Encode(Tensor ids, Tensor? secondIds) => model.ReadText(ids, secondIds);

    /// <summary>Squared errors (B, C, h, w) of the denoiser on a batch with its own texts.</summary>
    /// <param name="fixesFirstText">No gradient flows through the keys and values of the first text position.</param>
    public Tensor SquaredErrors(LearningBatch batch, bool fixesFirstText = false)
    {
        using var scope = NewDisposeScope();
        var (text, pooled) = Encode(batch);
        return SquaredErrors(batch, text, pooled, fixesFirstText).MoveToOuterDisposeScope();
    }

    /// <summary>Squared errors (B, C, h, w) of the denoiser on a batch with texts that are encoded already.</summary>
    public Tensor SquaredErrors(LearningBatch batch, Tensor text, Tensor? pooled = null, bool fixesFirstText = false)
    {
        using var scope = NewDisposeScope();
        var context = new StepContext(AnyStep, text, ConditioningSession.None)
        {
            Added = pooled is null ? null : new(pooled, Frames(batch)),
            FirstTextFixed = fixesFirstText,
        };
        var noisy = Target.Noisy(batch.Latents, batch.Noise, batch.Timesteps);
        var answer = model.UNet.forward(noisy, batch.Timesteps, context);
        return (answer - Target.Answer(batch.Latents, batch.Noise, batch.Timesteps)).square().MoveToOuterDisposeScope();
    }

    // SDXL is told of the whole picture: here it is what it is cut to.
    private Tensor Frames(LearningBatch batch)
    {
        var factor = model.Vae.Config.Factor;
        var (height, width) = ((float)batch.Latents.shape[2] * factor, (float)batch.Latents.shape[3] * factor);
        return tensor(new[] { height, width, 0, 0, height, width }).expand(batch.Latents.shape[0], -1);
    }
}
