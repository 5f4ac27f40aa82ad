namespace Dramatis.Errors;

/// <summary>Which of the names that there are somebody may have meant.</summary>
internal static class Spelling
{
    // So many letters for each that may be wrong.
    private const int LettersAMistake = 3;

    /// <summary>What is wrong with a name that nobody knows, which one may be meant, and all that there are.</summary>
    public static string Unknown(string name, IReadOnlyList<string> known) => $"is unknown;{DidYouMean(name, known)} there is {string.Join(", ", known)}.";

    /// <summary><c> did you mean "euler"?</c>, or nothing where no name is near.</summary>
    public static string DidYouMean(string name, IEnumerable<string> known) => Guess(name, known) is { } guess ? $" did you mean \"{guess}\"?" : "";

    /// <summary>The name that is meant: it differs in case, signs or few letters, or one is the beginning of the other.</summary>
    public static string? Guess(string name, IEnumerable<string> known)
    {
        var plain = Plain(name);
        if (plain.Length == 0)
        {
            return null;
        }

        string[] names = [.. known];
        return names.FirstOrDefault(other => Plain(other) == plain)
            ?? names.Where(other => plain.Length > 1 && Plain(other).StartsWith(plain, StringComparison.Ordinal)).MinBy(other => other.Length)
            ?? names.Where(other => Distance(Plain(other), plain) <= Math.Max(1, plain.Length / LettersAMistake))
                .MinBy(other => Distance(Plain(other), plain))
            ?? names.Where(other => other.Length > 2 && plain.StartsWith(Plain(other), StringComparison.Ordinal)).MaxBy(other => other.Length);
    }

    /// <summary>The least number of letters to insert, delete, exchange, or swap with their neighbour (Damerau, 1964).</summary>
    public static int Distance(string a, string b)
    {
        var table = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var k = 0; k <= b.Length; k++)
            {
                table[i, k] = Math.Min(i, k) == 0 ? Math.Max(i, k) : Math.Min(
                    Math.Min(table[i - 1, k], table[i, k - 1]) + 1,
                    table[i - 1, k - 1] + (a[i - 1] == b[k - 1] ? 0 : 1));
                if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1])
                {
                    table[i, k] = Math.Min(table[i, k], table[i - 2, k - 2] + 1);
                }
            }
        }

        return table[a.Length, b.Length];
    }

    // As this project writes names: DPM++ 2M is dpmpp-2m.
    private static string Plain(string name) => string.Concat(name.ToLowerInvariant().Replace("++", "pp", StringComparison.Ordinal)
        .Select(letter => letter is '_' or ' ' or '.' ? '-' : letter)).Trim('-');
}
