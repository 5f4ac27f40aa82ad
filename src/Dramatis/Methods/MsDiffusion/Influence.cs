using Dramatis.Schedules;

namespace Dramatis.Methods.MsDiffusion;

/// <summary>How strongly, and during which part of the steps, a subject's reference acts.</summary>
/// <param name="Strength">Factor on what the reference adds; 0 is none, 1 as trained.</param>
/// <param name="Start">The fraction of the steps from which it acts.</param>
/// <param name="End">The fraction of the steps before which it acts.</param>
public sealed record Influence(double Strength = 1, double Start = 0, double End = 1)
{
    public static Influence Full { get; } = new();

    public bool ActsAt(StepInfo step) => Strength != 0 && Start <= step.Progress && step.Progress < End;
}
