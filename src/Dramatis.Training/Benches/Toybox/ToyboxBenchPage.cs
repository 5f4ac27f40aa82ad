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
    private const string Head =
        """
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <title>Toybox bench</title>
        <style>
        body { font: 14px/1.4 system-ui, sans-serif; margin: 2em; color: #222; background: #fafafa }
        table { border-collapse: collapse; margin-bottom: 2em }
        td, th { padding: .2em .8em; border-bottom: 1px solid #ddd; text-align: right }
        td:first-child, th:first-child { text-align: left }
        section { display: flex; flex-wrap: wrap; gap: 12px; margin: 0 0 1.6em }
        h2 { font-size: 14px; margin: 0 0 .4em }
        figure { margin: 0; width: 192px }
        img { width: 192px; image-rendering: pixelated }
        figcaption { font-size: 12px }
        .wrong { color: #b00020 }
        </style>
        <h1>Toybox bench</h1>

        """;

    public static string Write(ToyboxBenchResult result, SubjectBank bank)
    {
        var page = new StringBuilder(Head);
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

    private static void Figure(StringBuilder page, Picture picture, string caption)
    {
        page.Append("<figure><img alt=\"\" src=\"data:image/png;base64,").Append(Convert.ToBase64String(PictureWriter.EncodePng(picture)));
        page.Append("\"><figcaption>").Append(caption).Append("</figcaption></figure>\n");
    }

    private static string Verdict(JudgedPlace place, SubjectBank bank)
    {
        var name = WebUtility.HtmlEncode(bank.Subjects[place.Nearest].Name);
        var error = place.Error is { } value ? value.ToString(" .000", CultureInfo.InvariantCulture) : "";
        return place.Rank == 0 ? name + error : $"<span class=\"wrong\">{name}{error}, right one is number {place.Rank + 1}</span>";
    }

    private static string Text(Interval interval) =>
        string.Create(CultureInfo.InvariantCulture, $"{interval.Value:.000} [{interval.Low:.000}, {interval.High:.000}]");
}
