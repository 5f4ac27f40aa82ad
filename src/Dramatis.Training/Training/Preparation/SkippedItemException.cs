using Dramatis.Errors;

namespace Dramatis.Training.Preparation;

/// <summary>Why one item becomes no record.</summary>
internal sealed class SkippedItemException(SkipReason reason, string problem) : DramatisException(problem)
{
    public SkipReason Reason { get; } = reason;
}
