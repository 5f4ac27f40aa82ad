using System.Text.Json;
using System.Text.Json.Serialization;
using Dramatis.Errors;
using Dramatis.Requests;

namespace Dramatis.Studio.Stages;

/// <summary>A stage as text, for the browser to keep: its order file, and what only the stage knows.</summary>
public static class StageText
{
    public static string Write(Stage stage)
    {
        using var request = JsonDocument.Parse(RequestJson.Write(stage.Request));
        var kept = new KeptStage(request.RootElement, [.. stage.Actors.Select(actor => actor.Colour)], [.. stage.Actors.Select(actor => actor.IsLocked)]);
        return JsonSerializer.Serialize(kept, KeptStageContext.Default.KeptStage);
    }

    /// <summary>Null for what is none, or of a release whose requests were others.</summary>
    public static Stage? Read(string? text)
    {
        try
        {
            return text is null || JsonSerializer.Deserialize(text, KeptStageContext.Default.KeptStage) is not { Request.ValueKind: JsonValueKind.Object } kept ? null : Of(kept);
        }
        catch (Exception e) when (e is JsonException or InvalidRequestException)
        {
            return null;
        }
    }

    private static Stage Of(KeptStage kept)
    {
        var stage = Stage.Of(RequestJson.Parse(kept.Request.GetRawText(), ""));
        return stage with
        {
            Actors = [.. stage.Actors.Select((actor, i) => actor with
            {
                Colour = kept.Colours.ElementAtOrDefault(i, actor.Colour),
                IsLocked = kept.Locks.ElementAtOrDefault(i, false),
            })],
        };
    }

    private static T ElementAtOrDefault<T>(this IReadOnlyList<T>? list, int index, T usual) => list is not null && index < list.Count ? list[index] : usual;
}

internal sealed record KeptStage(JsonElement Request, IReadOnlyList<int> Colours, IReadOnlyList<bool> Locks);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(KeptStage))]
internal sealed partial class KeptStageContext : JsonSerializerContext;
