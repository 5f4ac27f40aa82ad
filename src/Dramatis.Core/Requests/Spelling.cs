namespace Dramatis.Requests;

/// <summary>How far a word is from another.</summary>
internal static class Spelling
{
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
