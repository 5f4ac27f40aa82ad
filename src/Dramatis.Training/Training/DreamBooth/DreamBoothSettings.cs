using Dramatis.Requests;
using Dramatis.Training.Subjects;

namespace Dramatis.Training.DreamBooth;

/// <summary>What DreamBooth trains, and how.</summary>
public sealed record DreamBoothSettings : LearnSettings
{
    /// <summary>Whether text encoders are trained too.</summary>
    [Field("Tune the text encoders too; then --rate 2e-6 is usual.")]
    public bool TextEncoder { get; init; }

    /// <summary>γ of the min-SNR weights of the subject's rows; null counts all noise levels alike.</summary>
    [Field("So that easy noise levels do not outweigh the others; 5 is usual.", Above = 0)]
    public double? MinSnr { get; init; }
}
