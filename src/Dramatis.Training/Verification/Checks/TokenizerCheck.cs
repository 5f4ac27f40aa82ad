using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Dramatis.Tokenizers;

namespace Dramatis.Verification.Checks;

/// <summary>Texts to token ids, exactly.</summary>
internal sealed class TokenizerCheck : IGoldenCheck
{
    public IReadOnlyList<string> Components => ["tokenizers"];

    public GoldenResult Run(GoldenCase golden)
    {
        // Qwen's merges are no part of the copy in the repository, and nor are its lines.
        var differences = golden.Fixture.GetProperty("files").EnumerateObject()
            .Where(file => File.Exists(golden.PathOf(file.Name)))
            .SelectMany(file => file.Value.GetProperty("kind").GetString() == "clip"
                ? Compare(golden, file.Name, file.Value)
                : [Compare(golden, file.Name, OpenQwen(golden, file.Value).Encode, line => Numbers(line, "ids")!)]);
        return new() { Outputs = [.. differences] };
    }

    /// <summary>Qwen's tokenizer from its merges, packed, and its special tokens.</summary>
    internal static QwenTokenizer OpenQwen(GoldenCase golden, JsonElement settings)
    {
        var path = golden.PathOf(settings.GetProperty("merges").GetString()!);
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress), Encoding.UTF8);
        return new(BpeVocabulary.ByteLevel(MergeList.Parse(reader.ReadToEnd(), path)), Ids(settings, "special_tokens"));
    }

    // The field "g" of a line holds the ids of a tokenizer that pads with "!", where they differ.
    private static IEnumerable<GoldenDifference> Compare(GoldenCase golden, string file, JsonElement settings)
    {
        var added = Ids(settings, "added_tokens");
        var first = Open(golden, settings, "folder", new() { AddedTokens = added });
        yield return Compare(golden, file, first.EncodeUnpadded, line => Numbers(line, "ids")!);
        if (added.Count == 0)
        {
            var second = Open(golden, settings, "folder_g", new() { Padding = "!" });
            yield return Compare(golden, $"{file} (padding \"!\")", second.EncodeUnpadded, line => Numbers(line, "g") ?? Numbers(line, "ids")!, file);
        }
    }

    private static ClipTokenizer Open(GoldenCase golden, JsonElement settings, string folder, ClipTokenizerOptions options) =>
        settings.TryGetProperty(folder, out var name)
            ? ClipTokenizer.FromFolder(golden.PathOf(name.GetString()!))
            : new(BpeVocabulary.Clip, options);

    private static GoldenDifference Compare(
        GoldenCase golden, string name, Func<string, IReadOnlyList<int>> encode, Func<JsonElement, int[]> expected, string? file = null)
    {
        var wrong = 0;
        foreach (var text in File.ReadLines(golden.PathOf(file ?? name)))
        {
            using var line = JsonDocument.Parse(text);
            wrong += encode(line.RootElement.GetProperty("text").GetString()!).SequenceEqual(expected(line.RootElement)) ? 0 : 1;
        }

        return new(name, wrong, 0, wrong == 0 ? null : $"{wrong} lines have other ids");
    }

    private static Dictionary<string, int> Ids(JsonElement settings, string field) =>
        settings.TryGetProperty(field, out var tokens) ? tokens.EnumerateObject().ToDictionary(token => token.Name, token => token.Value.GetInt32()) : [];

    private static int[]? Numbers(JsonElement line, string field) =>
        line.TryGetProperty(field, out var ids) ? [.. ids.EnumerateArray().Select(id => id.GetInt32())] : null;
}
