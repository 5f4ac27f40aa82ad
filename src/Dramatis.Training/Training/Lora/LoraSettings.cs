using System.Text.Json.Serialization;
using Dramatis.Configs;
using Dramatis.Methods.Lora;
using Dramatis.Training.Subjects;

namespace Dramatis.Training.Lora;

/// <summary>What a LoRA is made of.</summary>
public sealed record LoraSettings : LearnSettings
{
    /// <summary>Of each change, 1 or more: a layer of n x m gets (n + m) times as many numbers.</summary>
    public int Rank { get; init; } = 4;

    /// <summary>α; null: the rank.</summary>
    public double? Alpha { get; init; }

    /// <summary>Whether text encoders have one too.</summary>
    public bool TextEncoder { get; init; }

    /// <summary>Ends of the paths of the UNet's layers that have one.</summary>
    public IReadOnlyList<string> Layers { get; init; } = ["to_q", "to_k", "to_v", "to_out.0"];

    /// <summary>Of the file.</summary>
    [JsonConverter(typeof(EnumNames<LoraLayout>))]
    public LoraLayout Layout { get; init; } = LoraLayout.Diffusers;
}

[JsonSerializable(typeof(LoraSettings))]
internal sealed partial class LoraJson : JsonSerializerContext;
