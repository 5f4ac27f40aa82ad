using Dramatis.Schedules;

namespace Dramatis.Requests;

/// <summary>A part of the steps, as fractions of them.</summary>
/// <param name="Start">Where the first step of it begins, or earlier.</param>
/// <param name="End">Where the last step of it ends, or later: a step that goes beyond does not belong to it.</param>
public readonly record struct StepWindow(double Start, double End)
{
    /// <summary>All steps.</summary>
    public static StepWindow All { get; } = new(0, 1);

    internal bool Contains(StepInfo step) => Start <= step.Progress && (step.Index + 1.0) / step.Count <= End;
}
