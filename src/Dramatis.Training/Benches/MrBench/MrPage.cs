using System.Globalization;
using System.Net;
using System.Text;

namespace Dramatis.Benches.MrBench;

/// <summary>The bench's page: the table, then each group with its references, its target and what was painted.</summary>
internal static class MrPage
{
    /// <summary>Painted pictures are named as in the page's folder; others by their full path.</summary>
    public static string Write(IReadOnlyList<MrRow> rows, bool withReferences)
    {
        var page = BenchPage.Begin("MRBench", 160);
        page.Append(CultureInfo.InvariantCulture, $"<p>Pictures are compared with the {(withReferences ? "references" : "target")}. Brackets: 95 %.</p>\n");
        var columns = MrTable.Columns.Replace(" | ", "<th>", StringComparison.Ordinal);
        page.Append(CultureInfo.InvariantCulture, $"<table><tr><th>split<th>method<th>{columns}<th>pictures</tr>\n");
        foreach (var group in rows.GroupBy(row => (row.Split, row.Method)).OrderBy(group => group.Key))
        {
            var cells = string.Concat(MrTable.Figures(group, withReferences).Select(figure => $"<td>{MrTable.Cell(figure)}"));
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{group.Key.Split}<td>{Encoded(group.Key.Method)}{cells}<td>{group.Count()}</tr>\n");
        }

        page.Append("</table>\n");
        foreach (var group in rows.GroupBy(row => row.GroupId))
        {
            Group(page, [.. group], withReferences);
        }

        return page.Append("</html>\n").ToString();
    }

    private static void Group(StringBuilder page, IReadOnlyList<MrRow> rows, bool withReferences)
    {
        var first = rows.MaxBy(row => row.Shown.Count)!;
        page.Append(CultureInfo.InvariantCulture, $"<h2>{Encoded(first.GroupId)} ({first.Split}): {Encoded(first.Prompt)}</h2>\n<section>\n");
        foreach (var (i, reference) in first.Shown.Index())
        {
            BenchPage.Figure(page, Address(reference), $"reference {i + 1}");
        }

        BenchPage.Figure(page, Address(first.Target), "target");
        foreach (var row in rows)
        {
            var scores = MrTable.Figures([row], withReferences).Take(3).Select(figure => figure is { } one ? one.Value.ToString(".000", CultureInfo.InvariantCulture) : "-");
            BenchPage.Figure(page, Uri.EscapeDataString(row.File), $"{Encoded(row.Method)}, {row.References} shown<br>{string.Join(' ', scores)}");
        }

        page.Append("</section>\n");
    }

    private static string Address(string file) => new Uri(Path.GetFullPath(file)).AbsoluteUri;

    private static string Encoded(string text) => WebUtility.HtmlEncode(text);
}
