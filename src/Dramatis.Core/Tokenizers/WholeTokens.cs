using System.Globalization;

namespace Dramatis.Tokenizers;

/// <summary>Tokens that are found in the raw text before anything else. The first one wins, of those at one place the longest.</summary>
/// <param name="ids">Found anywhere, as they are written.</param>
/// <param name="alone">
/// Those of them that, if they begin and end with a letter or digit, count only where no more of these stand beside them, but in capitals or not; null for none.
/// </param>
internal sealed class WholeTokens(IReadOnlyDictionary<string, IReadOnlyList<int>> ids, IReadOnlySet<string>? alone = null)
{
    private readonly (string Text, IReadOnlyList<int> Ids, bool StandsAlone)[] all =
    [
        .. ids.Select(token => (token.Key, token.Value, StandsAlone: alone?.Contains(token.Key) == true && IsPlain(token.Key)))
            .OrderByDescending(token => token.Key.Length),
    ];

    /// <summary>Stretches of a text, each with the ids of the token that ends it; the last one has none.</summary>
    public IEnumerable<(string Text, IReadOnlyList<int>? Ids)> Split(string text)
    {
        var next = new int[all.Length];
        Array.Fill(next, -1);
        var start = 0;
        while (First(text, start, next) is { } found)
        {
            var (token, whole, _) = all[found];
            yield return (text[start..next[found]], whole);
            start = next[found] + token.Length;
        }

        yield return (text[start..], null);
    }

    // next[i] is where token i comes next; it is looked for again only when that place lies behind.
    private int? First(string text, int start, int[] next)
    {
        int? first = null;
        for (var i = 0; i < all.Length; i++)
        {
            if (next[i] < start)
            {
                next[i] = PlaceOf(i, text, start) ?? int.MaxValue;
            }

            if (next[i] != int.MaxValue && (first is not { } best || next[i] < next[best]))
            {
                first = i;
            }
        }

        return first;
    }

    private int? PlaceOf(int token, string text, int start)
    {
        var (word, _, standsAlone) = all[token];
        for (var at = start; ; at++)
        {
            at = text.IndexOf(word, at, standsAlone ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);
            if (at < 0)
            {
                return null;
            }

            if (!standsAlone || (!IsOfWords(text, at - 1) && !IsOfWords(text, at + word.Length)))
            {
                return at;
            }
        }
    }

    private static bool IsPlain(string word) => word.Length > 0 && char.IsLetterOrDigit(word[0]) && char.IsLetterOrDigit(word[^1]);

    private static bool IsOfWords(string text, int at) =>
        at >= 0 && at < text.Length && (char.IsLetterOrDigit(text[at]) || char.GetUnicodeCategory(text[at]) == UnicodeCategory.ConnectorPunctuation);
}
