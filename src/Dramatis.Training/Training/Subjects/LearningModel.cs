using Dramatis.Conditioning;
using Dramatis.Training.Diffusion;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Training.Subjects;

/// <summary>A base model as learning uses it: no sampling, one noise level a row.</summary>
/// <remarks>Shapes: as in <see cref="DenoisingBatch"/>; E text width, P pooled width.</remarks>
internal sealed class LearningModel(BaseModel model)
{
    public BaseModel Base => model;

    public ForwardProcess Process { get; init; } = new(model.Scheduler);

    /// <summary>The text context (B, L, E) and, for models that want it, the pooled text (B, P). Gradients flow.</summary>
    public (Tensor Text, Tensor? Pooled) Encode(DenoisingBatch batch) => Encode(batch.Ids!, batch.SecondIds);

    /// <summary>The same of token ids (B, L) alone.</summary>
    public (Tensor Text, Tensor? Pooled) Encode(Tensor ids, Tensor? secondIds) => model.ReadText(ids, secondIds);

    /// <summary>Squared errors (B, C, h, w) of the denoiser on a batch with its own texts.</summary>
    /// <param name="fixesFirstText">No gradient flows through the keys and values of the first text position.</param>
    public Tensor SquaredErrors(DenoisingBatch batch, bool fixesFirstText = false)
    {
        using var scope = NewDisposeScope();
        var (text, pooled) = Encode(batch);
        return SquaredErrors(batch, text, pooled, fixesFirstText).MoveToOuterDisposeScope();
    }

    /// <summary>Squared errors (B, C, h, w) of the denoiser on a batch with texts that are encoded already.</summary>
    public Tensor SquaredErrors(DenoisingBatch batch, Tensor text, Tensor? pooled = null, bool fixesFirstText = false)
    {
        using var scope = NewDisposeScope();
        var added = pooled is null ? null : new AddedConditions(pooled, Frames(batch));
        return new DenoisingLoss(model.UNet, Process).SquaredErrors(batch, text, ConditioningSession.None, added, fixesFirstText).MoveToOuterDisposeScope();
    }

    // SDXL is told of the whole picture: here it is what it is cut to.
    private Tensor Frames(DenoisingBatch batch)
    {
        var factor = model.Vae.Config.Factor;
        var (height, width) = ((float)batch.Latents.shape[2] * factor, (float)batch.Latents.shape[3] * factor);
        return tensor(new[] { height, width, 0, 0, height, width }).expand(batch.Latents.shape[0], -1);
    }
}
