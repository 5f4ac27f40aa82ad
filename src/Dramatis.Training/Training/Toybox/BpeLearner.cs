namespace Dramatis.Training.Toybox;

/// <summary>Learns the merges of a byte-pair encoding (Sennrich et al., 2016, algorithm 1): again and again the commonest pair becomes one token.</summary>
internal static class BpeLearner
{
    /// <param name="words">Spelled in the characters that stand for bytes; again as often as they are used.</param>
    /// <param name="most">Merges; fewer where no pair is left that comes twice.</param>
    public static IReadOnlyList<(string Left, string Right)> Learn(IEnumerable<string> words, int most)
    {
        var spelled = words.CountBy(word => word).Select(word => (Tokens: word.Key.Select(letter => $"{letter}").ToList(), Count: word.Value)).ToArray();
        var merges = new List<(string Left, string Right)>();
        while (merges.Count < most && Commonest(spelled) is { Count: > 1 } found)
        {
            merges.Add(found.Pair);
            foreach (var (tokens, _) in spelled)
            {
                Merge(tokens, found.Pair);
            }
        }

        return merges;
    }

    // Among equally common ones the first by its letters.
    private static (int Count, (string Left, string Right) Pair) Commonest(IEnumerable<(List<string> Tokens, int Count)> words)
    {
        var counts = new Dictionary<(string Left, string Right), int>();
        foreach (var (tokens, count) in words)
        {
            foreach (var pair in tokens.Zip(tokens.Skip(1)))
            {
                counts[pair] = counts.GetValueOrDefault(pair) + count;
            }
        }

        return counts.Count == 0 ? default : counts.Select(item => (item.Value, item.Key))
            .MaxBy(item => item, Comparer<(int Count, (string Left, string Right) Pair)>.Create((a, b) =>
                a.Count != b.Count ? a.Count.CompareTo(b.Count)
                : string.CompareOrdinal(b.Pair.Left, a.Pair.Left) is not 0 and var left ? left
                : string.CompareOrdinal(b.Pair.Right, a.Pair.Right)));
    }

    private static void Merge(List<string> tokens, (string Left, string Right) pair)
    {
        for (var i = 0; i + 1 < tokens.Count; i++)
        {
            if (tokens[i] == pair.Left && tokens[i + 1] == pair.Right)
            {
                tokens[i] += pair.Right;
                tokens.RemoveAt(i + 1);
            }
        }
    }
}
