using System.Text.Json;
using Dramatis.Tokenizers;

namespace Dramatis.Verification.Checks;

/// <summary>Where the reference finds phrases in prompts.</summary>
internal sealed class MsPhraseCheck : IGoldenCheck
{
    public IReadOnlyList<string> Components => ["ms_phrase_spans"];

    public GoldenResult Run(GoldenCase golden)
    {
        var tokenizer = ClipTokenizer.FromFolder(golden.PathOf(golden.Text("tokenizer")));
        using var expected = JsonDocument.Parse(golden.ReadText(golden.Text("expected")));
        return GoldenResult.Count("prompts", [.. expected.RootElement.EnumerateArray().Select(item => Mistake(tokenizer, item)).OfType<string>()]);
    }

    private static string? Mistake(ClipTokenizer tokenizer, JsonElement item)
    {
        var (prompt, phrase) = (item.GetProperty("prompt").GetString()!, item.GetProperty("phrase").GetString()!);
        var match = PhraseMatch.Find(tokenizer, prompt, phrase, item.GetProperty("skip").GetInt32());
        var span = item.GetProperty("span");
        var words = item.GetProperty("words") is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().Select(word => word.GetString()!) : [];
        var isSame = match.Span == new TokenSpan(span[0].GetInt32(), span[1].GetInt32())
            && match.Words.SequenceEqual(words)
            && 1 + tokenizer.EncodeWords(prompt).Count == item.GetProperty("end_of_text").GetInt32();
        return isSame ? null : $"\"{phrase}\" in \"{prompt}\": {match.Span} ({string.Join(' ', match.Words)})";
    }
}
