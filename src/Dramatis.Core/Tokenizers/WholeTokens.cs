namespace Dramatis.Tokenizers;

/// <summary>Tokens that are found in the raw text before anything else. The first one wins, of those at one place the longest.</summary>
internal sealed class WholeTokens(IReadOnlyDictionary<string, IReadOnlyList<int>> ids)
{
    private readonly KeyValuePair<string, IReadOnlyList<int>>[] tokens = [.. ids.OrderByDescending(token => token.Key.Length)];

    /// <summary>Stretches of a text, each with the ids of the token that ends it; the last one has none.</summary>
    public IEnumerable<(string Text, IReadOnlyList<int>? Ids)> Split(string text)
    {
        var next = new int[tokens.Length];
        Array.Fill(next, -1);
        var start = 0;
        while (First(text, start, next) is { } found)
        {
            var (token, whole) = tokens[found];
            yield return (text[start..next[found]], whole);
            start = next[found] + token.Length;
        }

        yield return (text[start..], null);
    }

    // next[i] is where token i comes next; it is looked for again only when that place lies behind.
    private int? First(string text, int start, int[] next)
    {
        int? first = null;
        for (var i = 0; i < tokens.Length; i++)
        {
            if (next[i] < start)
            {
                var at = text.IndexOf(tokens[i].Key, start, StringComparison.Ordinal);
                next[i] = at < 0 ? int.MaxValue : at;
            }

            if (next[i] != int.MaxValue && (first is not { } best || next[i] < next[best]))
            {
                first = i;
            }
        }

        return first;
    }
}
