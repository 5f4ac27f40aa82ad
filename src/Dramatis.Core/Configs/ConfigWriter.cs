using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dramatis.Configs;

/// <summary>Writes a model's <c>config.json</c>.</summary>
internal static class ConfigWriter
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>An object of these fields, in this order, indented.</summary>
    public static string Write(params IEnumerable<(string Field, JsonNode? Value)> fields)
    {
        var all = new JsonObject();
        foreach (var (field, value) in fields)
        {
            all.Add(field, value?.DeepClone());    // a node has one parent, and the caller may write it again
        }

        return all.ToJsonString(Indented) + "\n";
    }

    public static JsonArray List(IEnumerable<int> numbers) => [.. numbers.Select(number => JsonValue.Create(number))];

    public static JsonArray List(IEnumerable<bool> values) => [.. values.Select(value => JsonValue.Create(value))];

    public static JsonArray List(IEnumerable<string> texts) => [.. texts.Select(text => JsonValue.Create(text))];
}
