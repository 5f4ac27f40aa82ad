using Dramatis.Requests;
using Dramatis.Training.Subjects;

namespace Dramatis.Training.CustomDiffusion;

/// <summary>Which layers Custom Diffusion trains.</summary>
public sealed record CustomDiffusionSettings : LearnSettings
{
    /// <summary>Queries and outputs of cross-attention too, not keys and values alone.</summary>
    [Field("Tune queries and outputs of cross-attention too.")]
    public bool WholeAttention { get; init; }
}
