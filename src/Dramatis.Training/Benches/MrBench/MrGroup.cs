using System.Text.Json.Serialization;

namespace Dramatis.Benches.MrBench;

/// <summary>A group of the bench: pictures that share something, and one more with its captions, which a method is to come near.</summary>
internal sealed record MrGroup
{
    /// <summary>The split of groups whose topics a training has seen.</summary>
    public const string HeldIn = "held-in";

    /// <summary>The split of all others.</summary>
    public const string HeldOut = "held-out";

    public required string GroupId { get; init; }

    public required string Topic { get; init; }

    /// <summary><see cref="HeldIn"/> or <see cref="HeldOut"/>.</summary>
    public required string Split { get; init; }

    /// <summary>Picture files.</summary>
    public required IReadOnlyList<string> References { get; init; }

    public required MrTarget Target { get; init; }

    /// <summary>Null: the first caption of the target.</summary>
    public string? Prompt { get; init; }

    /// <summary>Of the first picture; each sample has the next one.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>What is painted.</summary>
    [JsonIgnore]
    public string Words => Prompt ?? Target.Captions[0];
}

/// <summary>A picture that is compared with, and what it shows in words.</summary>
internal sealed record MrTarget
{
    public required string Image { get; init; }

    public required IReadOnlyList<string> Captions { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, AllowDuplicateProperties = false, RespectNullableAnnotations = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(MrGroup))]
internal sealed partial class MrGroupJson : JsonSerializerContext;
