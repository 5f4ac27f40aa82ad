using Dramatis.Requests;
using Dramatis.Schedules;

namespace Dramatis.Conditioning;

/// <summary>How strongly, and during which part of the steps, a subject's references act.</summary>
/// <param name="Strength">Factor on what they add; 0 is none, 1 as trained.</param>
/// <param name="Start">The fraction of the steps from which they act.</param>
/// <param name="End">The fraction of the steps until which they act: a step that goes beyond it is without them.</param>
internal sealed record Influence(double Strength = 1, double Start = 0, double End = 1)
{
    public static Influence Full { get; } = new();

    public bool ActsAt(StepInfo step) => Strength != 0 && new StepWindow(Start, End).Contains(step);
}
