using Dramatis.Schedules;
using static TorchSharp.torch;

namespace Dramatis.Conditioning;

/// <summary>What SDXL's networks are told of the whole picture (Podell et al., 2023, section 2.2).</summary>
/// <param name="Pooled">Pooled, projected text (B, P).</param>
/// <param name="Numbers">Height and width of the original, top and left of the crop, height and width wanted, in pixels (B, 6).</param>
public sealed record AddedConditions(Tensor Pooled, Tensor Numbers);

/// <summary>Everything the network needs besides latents; passed down, never stored in a module.</summary>
/// <param name="Text">Text context (B, L, E) of this step, rows [negative; positive] when guidance doubles the batch.</param>
public sealed record StepContext(StepInfo Step, Tensor Text, ConditioningSession Session)
{
    /// <summary>For networks that want them, SDXL's; null for others.</summary>
    public AddedConditions? Added { get; init; }

    /// <summary>
    /// Gradient checkpointing: layers keep their inputs only and are computed again in the backward pass. The session must stay open
    /// until that is over, and its hooks are asked twice.
    /// </summary>
    public bool Recompute { get; init; }
}
