using System.Text.Json.Serialization;
using Dramatis.Training.Subjects;

namespace Dramatis.Training.CustomDiffusion;

/// <summary>Which layers Custom Diffusion trains.</summary>
public sealed record CustomDiffusionSettings : LearnSettings
{
    /// <summary>Queries and outputs of cross-attention too, not keys and values alone.</summary>
    public bool WholeAttention { get; init; }
}

[JsonSerializable(typeof(CustomDiffusionSettings))]
internal sealed partial class CustomDiffusionJson : JsonSerializerContext;
