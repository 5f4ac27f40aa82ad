using System.Text.Json.Serialization;
using Dramatis.Training.Subjects;

namespace Dramatis.Training.DreamBooth;

/// <summary>What DreamBooth trains, and how.</summary>
public sealed record DreamBoothSettings : LearnSettings
{
    /// <summary>Whether text encoders are trained too.</summary>
    public bool TextEncoder { get; init; }

    /// <summary>γ of the min-SNR weights of the subject's rows; null counts all noise levels alike.</summary>
    public double? MinSnr { get; init; }
}

[JsonSerializable(typeof(DreamBoothSettings))]
internal sealed partial class DreamBoothJson : JsonSerializerContext;
