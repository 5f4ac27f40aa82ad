using System.Globalization;
using System.Net;
using System.Text;
using Dramatis.Pictures;
using Dramatis.Toybox;
using Dramatis.Toybox.Judging;

namespace Dramatis.Benches.Toybox;

/// <summary>The bench's page: figures, then every order with its pictures.</summary>
internal static class ToyboxBenchPage
{
    public static string Write(ToyboxBenchResult result, SubjectBank bank)
    {
        var page = BenchPage.Begin("Toybox bench", 192, "; image-rendering: pixelated", ".wrong { color: #b00020 }\n");
        page.Append(CultureInfo.InvariantCulture, $"<p>Seed {result.Seed}, {result.Painted.Pictures.Count} orders. Brackets: 95 %.");
        page.Append(" Red: another subject is nearer.</p>\n");
        Figures(page, result);
        for (var i = 0; i < result.Painted.Pictures.Count; i++)
        {
            Order(page, result, i, bank);
        }

        return page.Append("</html>\n").ToString();
    }

    private static void Figures(StringBuilder page, ToyboxBenchResult result)
    {
        page.Append("<table><tr><th>figure<th>painted<th>composed<th>VAE</tr>\n");
        foreach (var row in ToyboxFigureRow.Of(result))
        {
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{row.Name}<td>{Text(row.Painted)}<td>{Text(row.Composed)}");
            page.Append(CultureInfo.InvariantCulture, $"<td>{(row.Rebuilt is { } rebuilt ? Text(rebuilt) : "")}</tr>\n");
        }

        page.Append("</table>\n");
    }

    private static void Order(StringBuilder page, ToyboxBenchResult result, int index, SubjectBank bank)
    {
        var order = result.Painted.Pictures[index].Order;
        page.Append(CultureInfo.InvariantCulture, $"<h2>{order.Number}. {WebUtility.HtmlEncode(order.Prompt)}</h2>\n<section>\n");
        Figure(page, OrderSketch.Draw(order), "ordered");
        foreach (var (name, pictures) in ToyboxBenchReport.Sets(result))
        {
            var verdicts = pictures[index].Places.Select(place => Verdict(place, bank));
            Figure(page, pictures[index].Picture, $"{name}<br>{string.Join("<br>", verdicts)}");
        }

        page.Append("</section>\n");
    }

    private static void Figure(StringBuilder page, Picture picture, string caption) =>
        BenchPage.Figure(page, $"data:image/png;base64,{Convert.ToBase64String(PictureWriter.EncodePng(picture))}", caption);

    private static string Verdict(JudgedPlace place, SubjectBank bank)
    {
        var name = WebUtility.HtmlEncode(bank.Subjects[place.Nearest].Name);
        var error = place.Error is { } value ? value.ToString(" .000", CultureInfo.InvariantCulture) : "";
        return place.Rank == 0 ? name + error : $"<span class=\"wrong\">{name}{error}, right one is number {place.Rank + 1}</span>";
    }

    private static string Text(Interval interval) =>
        string.Create(CultureInfo.InvariantCulture, $"{interval.Value:.000} [{interval.Low:.000}, {interval.High:.000}]");
}
