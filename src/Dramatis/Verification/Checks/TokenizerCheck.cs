using System.Text.Json;
using Dramatis.Tokenizers;

namespace Dramatis.Verification.Checks;

/// <summary>Texts to token ids, exactly.</summary>
internal sealed class TokenizerCheck : IGoldenCheck
{
    public IReadOnlyList<string> Components => ["tokenizers"];

    public GoldenResult Run(GoldenCase golden)
    {
        var differences = golden.Fixture.GetProperty("files").EnumerateObject()
            .Where(file => file.Value.GetProperty("kind").GetString() == "clip")
            .SelectMany(file => Compare(golden, file.Name, file.Value));
        return new() { Outputs = [.. differences] };
    }

    // The field "g" of a line holds the ids of a tokenizer that pads with "!", where they differ.
    private static IEnumerable<GoldenDifference> Compare(GoldenCase golden, string file, JsonElement settings)
    {
        var added = settings.TryGetProperty("added_tokens", out var tokens)
            ? tokens.EnumerateObject().ToDictionary(token => token.Name, token => token.Value.GetInt32())
            : [];
        yield return Compare(golden, file, Open(golden, settings, "folder", new() { AddedTokens = added }), line => Ids(line, "ids")!);
        if (added.Count == 0)
        {
            var second = Open(golden, settings, "folder_g", new() { Padding = "!" });
            yield return Compare(golden, $"{file} (padding \"!\")", second, line => Ids(line, "g") ?? Ids(line, "ids")!, file);
        }
    }

    private static ClipTokenizer Open(GoldenCase golden, JsonElement settings, string folder, ClipTokenizerOptions options) =>
        settings.TryGetProperty(folder, out var name)
            ? ClipTokenizer.FromFolder(golden.PathOf(name.GetString()!))
            : new(BpeVocabulary.Clip, options);

    private static GoldenDifference Compare(
        GoldenCase golden, string name, ClipTokenizer tokenizer, Func<JsonElement, int[]> expected, string? file = null)
    {
        var wrong = 0;
        foreach (var text in File.ReadLines(golden.PathOf(file ?? name)))
        {
            using var line = JsonDocument.Parse(text);
            wrong += tokenizer.EncodeUnpadded(line.RootElement.GetProperty("text").GetString()!).SequenceEqual(expected(line.RootElement)) ? 0 : 1;
        }

        return new(name, wrong, 0, wrong == 0 ? null : $"{wrong} lines have other ids");
    }

    private static int[]? Ids(JsonElement line, string field) =>
        line.TryGetProperty(field, out var ids) ? [.. ids.EnumerateArray().Select(id => id.GetInt32())] : null;
}
