using System.Text.Json.Serialization;

namespace Dramatis.Training.EasyRef;

/// <summary>A group as <see cref="GroupReader"/> reads it, to be written.</summary>
internal sealed record GroupBody
{
    [JsonPropertyName(GroupReader.Pictures)]
    public required IReadOnlyList<string> References { get; init; }

    [JsonPropertyName(GroupReader.Words)]
    public required string Text { get; init; }

    [JsonPropertyName(GroupReader.Target)]
    public required string Target { get; init; }
}

[JsonSerializable(typeof(GroupBody[]))]
internal sealed partial class GroupBodyContext : JsonSerializerContext;
