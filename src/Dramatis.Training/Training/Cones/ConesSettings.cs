using Dramatis.Requests;
using Dramatis.Training.Subjects;

namespace Dramatis.Training.Cones;

/// <summary>How concept neurons are found.</summary>
public sealed record ConesSettings : LearnSettings
{
    /// <summary>
    /// The part of all keys' and values' weights that is the subject's; stands for the threshold τ, which is not published. The usual one gives the published
    /// file size.
    /// </summary>
    [Field("The part of cross-attention's keys and values that is the subject's.")]
    public double Share { get; init; } = .015;
}
