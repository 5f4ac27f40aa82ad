using Dramatis.Conditioning;
using Dramatis.Errors;
using Dramatis.Networks.UNet;
using Dramatis.Schedules;
using static TorchSharp.torch;

namespace Dramatis.Training.Diffusion;

/// <summary>How far a denoiser is off what the forward process asks of it: the loss that all diffusion trainings have.</summary>
/// <remarks>Shapes: as in <see cref="DenoisingBatch"/>.</remarks>
internal sealed class DenoisingLoss(UNet unet, ForwardProcess process)
{
    /// <summary>The part's name.</summary>
    public const string Name = "denoising";

    // Training knows no steps: the first of one, so that every subject acts.
    private static readonly StepInfo AnyStep = new(0, 1, 0, 0);

    /// <summary>Gradient checkpointing: less memory, a third more time.</summary>
    public bool Recompute { get; init; }

    public ForwardProcess Process => process;

    /// <summary>The mean over all cells by their weights, and what the session adds.</summary>
    /// <param name="batch">Belongs to the loss from now on.</param>
    /// <param name="session">Belongs to the loss from now on.</param>
    /// <param name="text">(B, L, E); null: the batch's own.</param>
    /// <exception cref="InvalidRequestException">The session adds what has no gradients, because layers are computed again.</exception>
    public TrainingLoss Of(DenoisingBatch batch, ConditioningSession session, Tensor? text = null)
    {
        using var scope = NewDisposeScope();
        var errors = SquaredErrors(batch, text ?? batch.Text!, session, batch.Added);
        var mean = (batch.Weights is { } weights ? errors * weights : errors).mean();
        return new([new(Name, mean), .. session.Parts.OfType<ILossTerms>().SelectMany(part => part.Terms()).Select(Checked)], session, batch);
    }

    /// <summary>‖target - network(x_t, t, text)‖² of each cell (B, C, h, w). Gradients flow; the session must be open until they have.</summary>
    /// <param name="fixesFirstText">No gradient flows through the keys and values of the first text position.</param>
    public Tensor SquaredErrors(
        DenoisingBatch batch, Tensor text, ConditioningSession session, AddedConditions? added = null, bool fixesFirstText = false)
    {
        using var scope = NewDisposeScope();
        var context = new StepContext(AnyStep, session.TextAt(AnyStep, text), session)
        {
            Added = added,
            FirstTextFixed = fixesFirstText,
            Recompute = Recompute,
        };
        var answer = unet.forward(process.Noisy(batch.Latents, batch.Noise, batch.Timesteps), batch.Timesteps, context);
        return (answer - process.Target(batch.Latents, batch.Noise, batch.Timesteps)).square().MoveToOuterDisposeScope();
    }

    private LossPart Checked(LossPart term) => !Recompute || !is_grad_enabled() || term.Value.requires_grad ? term : throw new InvalidRequestException(
        "recompute",
            $"\"{term.Name}\" of the loss is read in layers that are computed again, where it has no gradients; train without, or read it by a probe.");
}
