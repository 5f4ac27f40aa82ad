namespace Dramatis.Requests;

/// <summary>How far a word is from another.</summary>
internal static class Spelling
{
    /// <summary>What is wrong with a name that nobody knows, and which one may be meant.</summary>
    public static string Unknown(string name, IReadOnlyList<string> known) =>
        $"is unknown; did you mean \"{known.MinBy(other => Distance(other, name))}\"? Known are {string.Join(", ", known)}.";

    /// <summary>Levenshtein: the least number of letters to insert, delete or exchange.</summary>
    public static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var k = 1; k <= b.Length; k++)
            {
                var exchanged = diagonal + (a[i - 1] == b[k - 1] ? 0 : 1);
                diagonal = row[k];
                row[k] = Math.Min(exchanged, 1 + Math.Min(row[k], row[k - 1]));
            }
        }

        return row[b.Length];
    }
}
