using Dramatis.Schedules;
using static TorchSharp.torch;

namespace Dramatis.Conditioning;

/// <summary>What SDXL's networks are told of the whole picture (Podell et al., 2023, section 2.2).</summary>
/// <param name="Pooled">Pooled, projected text (B, P).</param>
/// <param name="Numbers">Height and width of the original, top and left of the crop, height and width wanted, in pixels (B, 6).</param>
internal sealed record AddedConditions(Tensor Pooled, Tensor Numbers);

/// <summary>What a ControlNet makes of a condition at one step (Zhang et al., 2023).</summary>
/// <param name="Down">Added to what the way down keeps for the way up, one for each feature map in order (B, C, H, W).</param>
/// <param name="Middle">Added to the result of the middle (B, C, H, W).</param>
internal sealed record ControlResiduals(IReadOnlyList<Tensor> Down, Tensor Middle);

/// <summary>Everything the network needs besides latents; passed down, never stored in a module.</summary>
/// <param name="Text">Text context (B, L, E) of this step, rows [negative; positive] when guidance doubles the batch.</param>
internal sealed record StepContext(StepInfo Step, Tensor Text, ConditioningSession Session)
{
    /// <summary>What a ControlNet adds to the feature maps of this step; null for none.</summary>
    public ControlResiduals? Control { get; init; }

    /// <summary>For networks that want them, SDXL's; null for others.</summary>
    public AddedConditions? Added { get; init; }

    /// <summary>Where keys and values of the text are kept for the next step; null: they are computed each time.</summary>
    public TextKeys? TextKeys { get; init; }

    /// <summary>
    /// Gradient checkpointing: layers keep their inputs only and are computed again in the backward pass. The session must stay open
    /// until that is over, and its hooks are asked twice. Layers whose attention it reads keep all: gradients may flow from what it reads.
    /// </summary>
    public bool Recompute { get; init; }

    /// <summary>Looked at between layers: large networks take longer for a step than anybody wants to wait.</summary>
    public CancellationToken Stop { get; init; }

    /// <summary>No gradient flows through the keys and values of the first text position, which begins every text alike.</summary>
    public bool FirstTextFixed { get; init; }
}
