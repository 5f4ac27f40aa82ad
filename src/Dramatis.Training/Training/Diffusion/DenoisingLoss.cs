using Dramatis.Conditioning;
using Dramatis.Networks.UNet;
using Dramatis.Schedules;
using static TorchSharp.torch;

namespace Dramatis.Training.Diffusion;

/// <summary>How far a denoiser is off what the forward process asks of it: the loss that all diffusion trainings have.</summary>
/// <remarks>Shapes: as in <see cref="DenoisingBatch"/>.</remarks>
internal sealed class DenoisingLoss(UNet unet, ForwardProcess process)
{
    /// <summary>Training knows no steps: the first of one, so that every subject acts.</summary>
    public static StepInfo AnyStep { get; } = new(0, 1, 0, 0);

    /// <summary>Gradient checkpointing: less memory, a third more time.</summary>
    public bool Recompute { get; init; }

    public ForwardProcess Process => process;

    /// <summary>‖target - network(x_t, t, text)‖² of each cell (B, C, h, w). Gradients flow; their pass must end before the session does.</summary>
    public Tensor SquaredErrors(DenoisingBatch batch, Tensor text, ConditioningSession session, AddedConditions? added = null, bool fixesFirstText = false)
    {
        using var scope = NewDisposeScope();
        var context = new StepContext(AnyStep, session.TextAt(AnyStep, text), session) { Added = added, FirstTextFixed = fixesFirstText, Recompute = Recompute };
        var answer = unet.forward(process.Noisy(batch.Latents, batch.Noise, batch.Timesteps), batch.Timesteps, context);
        return (answer - process.Target(batch.Latents, batch.Noise, batch.Timesteps)).square().MoveToOuterDisposeScope();
    }

    /// <summary>The mean over all cells by their weights, a scalar, for a batch whose text is encoded.</summary>
    public Tensor Mean(DenoisingBatch batch, ConditioningSession session)
    {
        using var scope = NewDisposeScope();
        return Mean(SquaredErrors(batch, batch.Text!, session, batch.Added), batch).MoveToOuterDisposeScope();
    }

    /// <summary>The mean of squared errors over all cells by their weights, a scalar.</summary>
    public static Tensor Mean(Tensor errors, DenoisingBatch batch) => (batch.Weights is { } weights ? errors * weights : errors).mean();
}
