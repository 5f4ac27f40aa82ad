using Dramatis.Schedules;
using static TorchSharp.torch;

namespace Dramatis.Conditioning;

/// <summary>Everything the network needs besides latents; passed down, never stored in a module.</summary>
/// <param name="Text">Text context (B, L, E) of this step, rows [negative; positive] when guidance doubles the batch.</param>
public sealed record StepContext(StepInfo Step, Tensor Text, ConditioningSession Session)
{
    /// <summary>
    /// Gradient checkpointing: layers keep their inputs only and are computed again in the backward pass. The session must stay open
    /// until that is over, and its hooks are asked twice.
    /// </summary>
    public bool Recompute { get; init; }
}
