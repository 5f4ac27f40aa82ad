using Dramatis.Conditioning;
using Dramatis.Training.Diffusion;
using static TorchSharp.torch;

namespace Dramatis.Training.FastComposer;

/// <summary>The loss of a step: the denoiser's error, of all cells or of those with subjects, and where subjects' words are read.</summary>
/// <param name="localization">Null for none.</param>
internal sealed class FastComposerLoss(FastComposerNetworks networks, DenoisingLoss denoising, Localization? localization)
{
    private readonly IReadOnlyList<AttentionSite> sites =
        localization is null ? [] : LocalizationLoss.Sites(networks.UNet.Sites, localization.Blocks);

    /// <summary>The loss with named parts.</summary>
    /// <param name="latents">Clean latents, noise and timesteps; they belong to the loss from now on.</param>
    /// <param name="batch">Belongs to the loss from now on.</param>
    /// <param name="isMasked">Whether cells without subjects count as nothing; the mean is over all cells, as in the reference.</param>
    public TrainingLoss Of((Tensor Clean, Tensor Noise, Tensor Timesteps) latents, FastComposerBatch batch, bool isMasked)
    {
        using var scope = NewDisposeScope();
        var cells = isMasked ? batch.Union(latents.Clean.shape[2], latents.Clean.shape[3]).square() : null;
        var samples = new DenoisingBatch { Latents = latents.Clean, Noise = latents.Noise, Timesteps = latents.Timesteps, Weights = cells };
        var session = new KeptBatch(batch, localization is null ? null : new(sites, localization, (batch.Masks, batch.Tokens, batch.Valid)));
        return denoising.Of(samples, session, networks.Condition(batch));
    }

    /// <summary>The session, if there is one, and the batch that it reads.</summary>
    private sealed class KeptBatch(FastComposerBatch batch, LocalizationSession? watching) : ConditioningSession
    {
        internal override IEnumerable<ConditioningSession> Parts => watching is null ? [] : [watching];

        public override AttentionProbe? ProbeAt(AttentionCall call) => watching?.ProbeAt(call);

        public override void Dispose()
        {
            watching?.Dispose();
            batch.Dispose();
            base.Dispose();
        }
    }
}
