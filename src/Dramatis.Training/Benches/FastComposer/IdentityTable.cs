using System.Globalization;
using System.Text;
using Dramatis.Files;

namespace Dramatis.Benches.FastComposer;

/// <summary>Scores of the published evaluation in files and in words.</summary>
internal static class IdentityTable
{
    /// <summary>Means and population standard deviations, as the reference reports them.</summary>
    public static string Text(IReadOnlyList<IdentityRow> rows)
    {
        var text = new StringBuilder();
        Line("identity preservation", [.. rows.Select(row => row.Identity)]);
        Line("prompt consistency", [.. rows.Select(row => row.Consistency).OfType<double>()]);
        return text.ToString().TrimEnd();

        void Line(string name, double[] scores)
        {
            if (scores.Length > 0)
            {
                var mean = scores.Average();
                var deviation = Math.Sqrt(scores.Average(score => (score - mean) * (score - mean)));
                text.AppendLine(CultureInfo.InvariantCulture, $"{name}: {mean:F4} ± {deviation:F4} ({scores.Length} pictures)");
            }
        }
    }

    /// <summary>Writes <c>score.txt</c>, and <c>scores.csv</c> with a line a picture.</summary>
    /// <exception cref="Errors.OutputNotWrittenException">One cannot be written.</exception>
    public static void Write(string folder, IReadOnlyList<IdentityRow> rows)
    {
        var lines = rows.Select(row => string.Create(
            CultureInfo.InvariantCulture, $"{row.File},{row.Identity:F6},{row.Consistency:F6},\"{row.Prompt}\"\n"));
        Put("scores.csv", $"file,identity,prompt_consistency,prompt\n{string.Concat(lines)}");
        Put("score.txt", Text(rows) + "\n");

        void Put(string name, string text) => AtomicFile.Write(Path.Combine(folder, name), stream => stream.Write(Encoding.UTF8.GetBytes(text)));
    }
}
