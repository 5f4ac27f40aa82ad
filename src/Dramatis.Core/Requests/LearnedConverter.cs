using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dramatis.Requests;

/// <summary>Learned files, as JSON says them: a path or a list of paths, and an object around one whose kind the file does not say.</summary>
/// <param name="paths">How files are named.</param>
internal sealed class LearnedConverter(RequestPaths paths) : JsonConverter<IReadOnlyList<LearnedFile>>
{
    private const string Form =
        "must be a file, a list of files, or {\"residual\": \"file\"} or {\"embedding\": \"file\"} for one of bare rows, which does not say what it is.";

    private static readonly (string Name, LearnedKind Kind)[] Kinds = [("residual", LearnedKind.Residual), ("embedding", LearnedKind.Embedding)];

    public override IReadOnlyList<LearnedFile> Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
    {
        var learned = JsonElement.ParseValue(ref reader);
        return learned.ValueKind == JsonValueKind.Array ? [.. learned.EnumerateArray().Select((item, i) => Read(item, $"[{i}]"))] : [Read(learned, "")];
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<LearnedFile> value, JsonSerializerOptions options)
    {
        if (value.Count == 1)
        {
            Write(writer, value[0]);
            return;
        }

        writer.WriteStartArray();
        foreach (var file in value)
        {
            Write(writer, file);
        }

        writer.WriteEndArray();
    }

    private LearnedFile Read(JsonElement item, string part)
    {
        var told = item.ValueKind == JsonValueKind.Object
            ? Kinds.FirstOrDefault(known => item.TryGetProperty(known.Name, out _) && item.GetPropertyCount() == 1)
            : default;
        var path = told.Name is null ? item : item.GetProperty(told.Name);
        return path.ValueKind == JsonValueKind.String && path.GetString() is { Length: > 0 } text
            ? new(paths.ToFile(text, part), told.Kind)
            : throw new RefusedValueException(Form, part);
    }

    private void Write(Utf8JsonWriter writer, LearnedFile file)
    {
        var path = paths.FromFile(file.Path);
        if (Array.Find(Kinds, known => known.Kind == file.Kind).Name is not { } name)
        {
            writer.WriteStringValue(path);
            return;
        }

        writer.WriteStartObject();
        writer.WriteString(name, path);
        writer.WriteEndObject();
    }
}
