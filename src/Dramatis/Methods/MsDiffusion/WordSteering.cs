using Dramatis.Conditioning;
using static TorchSharp.torch;

namespace Dramatis.Methods.MsDiffusion;

/// <summary>Subjects that stand where cells read their words.</summary>
/// <param name="Threshold">From 0 to 1, how much of the strongest reading a cell needs.</param>
/// <param name="StartStep">The first step, counted from 1, at which they do.</param>
/// <param name="LosesUnread">Whether a subject whose words are not in the text vanishes then, as in the reference, or keeps its place.</param>
internal sealed record AutoLayout(double Threshold, int StartStep, bool LosesUnread = false);

/// <summary>What the words of subjects do to a generation besides being read.</summary>
/// <param name="Words">As <see cref="SubjectWords"/> makes them (B, n, L).</param>
internal sealed record WordSteering(Tensor Words)
{
    /// <summary>Null for places that stay what they are.</summary>
    public AutoLayout? Auto { get; init; }

    /// <summary>See <see cref="WordBinding"/>; 0 for none.</summary>
    public double Binding { get; init; }
}
