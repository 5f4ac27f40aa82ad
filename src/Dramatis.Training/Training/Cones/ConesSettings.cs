using System.Text.Json.Serialization;
using Dramatis.Training.Subjects;

namespace Dramatis.Training.Cones;

/// <summary>How concept neurons are found.</summary>
public sealed record ConesSettings : LearnSettings
{
    /// <summary>
    /// The part of all keys' and values' weights that is the subject's; stands for the threshold τ, which is not published. The usual one gives the published
    /// file size.
    /// </summary>
    public double Share { get; init; } = .015;
}

[JsonSerializable(typeof(ConesSettings))]
internal sealed partial class ConesJson : JsonSerializerContext;
