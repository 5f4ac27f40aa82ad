using System.Text.Json;
using Dramatis.Errors;

namespace Dramatis.Tokenizers;

/// <summary>The merges of a byte-pair encoding as files hold them, best first.</summary>
internal static class MergeList
{
    /// <summary>The text of <c>merges.txt</c>: a header, then a pair a line.</summary>
    /// <exception cref="InvalidConfigException">A line is no pair.</exception>
    public static IReadOnlyList<(string Left, string Right)> Parse(string text, string path)
    {
        var lines = text.TrimEnd().Split('\n');
        return [.. lines.Select((line, i) => (Line: line.TrimEnd('\r'), Number: i + 1)).Skip(1).Select(item => Pair(item.Line, $"line {item.Number}", path))];
    }

    /// <summary>The list in <c>tokenizer.json</c>: pairs, or texts with a space between.</summary>
    /// <exception cref="InvalidConfigException">An item is no pair.</exception>
    public static IReadOnlyList<(string Left, string Right)> Parse(JsonElement list, string path) =>
    [
        .. list.EnumerateArray().Select((item, i) => item.ValueKind == JsonValueKind.Array && item.GetArrayLength() == 2
            ? (item[0].GetString()!, item[1].GetString()!)
            : Pair(item.GetString()!, $"merge {i + 1}", path)),
    ];

    private static (string Left, string Right) Pair(string text, string place, string path) => text.Split(' ') is [{ Length: > 0 } left, { Length: > 0 } right]
        ? (left, right)
        : throw new InvalidConfigException(path, $"{place} is \"{Shorten(text)}\", not two tokens with a space between; the file is damaged, copy it again.");

    private static string Shorten(string text) => text.Length <= 40 ? text : text[..37] + "...";
}
