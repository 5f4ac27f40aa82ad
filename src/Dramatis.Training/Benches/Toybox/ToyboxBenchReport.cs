using System.Globalization;
using System.Text;
using Dramatis.Files;
using Dramatis.Pictures;
using Dramatis.Toybox;
using Dramatis.Toybox.Judging;

namespace Dramatis.Benches.Toybox;

/// <summary>A result as files: figures as JSON, a line for each crop as CSV, all pictures as a page and as a sheet.</summary>
internal static class ToyboxBenchReport
{
    private const int OrdersInRow = 4;

    /// <summary>One object; names in snake_case, fractions from 0 to 1.</summary>
    public static string Json(ToyboxBenchResult result) => ToyboxBenchReportJson.Write(result);

    /// <summary>One line a figure: painted with its interval, composed, rebuilt; then how well the autoencoder rebuilds.</summary>
    public static string Text(ToyboxBenchResult result)
    {
        var lines = ToyboxFigureRow.Of(result).Select(row => string.Create(
            CultureInfo.InvariantCulture,
            $"{row.Name,-20}{row.Painted.Value:.000}  [{row.Painted.Low:.000}, {row.Painted.High:.000}]"
            + $"  composed {row.Composed.Value:.000}{Rebuilt(row)}"));
        return string.Join('\n', result.Autoencoder is { } autoencoder ? lines.Append($"{"autoencoder",-20}{autoencoder}") : lines);

        static string Rebuilt(ToyboxFigureRow row) =>
            row.Rebuilt is { } rebuilt ? string.Create(CultureInfo.InvariantCulture, $"  vae {rebuilt.Value:.000}") : "";
    }

    /// <summary>The chief figures of several runs as a table in Markdown: a row for each number of subjects.</summary>
    public static string Table(IReadOnlyList<(int Subjects, ToyboxBenchResult Result)> runs)
    {
        var rows = runs.Select(run =>
        {
            var figures = run.Result.Painted.Figures;
            return string.Create(
                CultureInfo.InvariantCulture,
                $"| {run.Subjects} | {Cell(figures.RightSubject)} | {Cell(figures.BoxIou)} | {Cell(figures.Leak)} | {Cell(figures.Scene)} | "
                    + $"{Cell(figures.SubjectError)} |");
        });
        return string.Join('\n', ["| subjects | right subject | box IoU | leak | scene | subject error |", "| --- | --- | --- | --- | --- | --- |", .. rows]);

        static string Cell(Interval? figure) =>
            figure is { } value ? string.Create(CultureInfo.InvariantCulture, $"{value.Value:.000} [{value.Low:.000}, {value.High:.000}]") : "";
    }

    /// <summary>One line for each subject of each picture, composed, rebuilt and painted.</summary>
    /// <exception cref="Errors.OutputNotWrittenException">The file cannot be written.</exception>
    public static void WriteCsv(string path, ToyboxBenchResult result, SubjectBank bank)
    {
        var lines = new StringBuilder("pictures,order,seed,place,code,name,nearest,rank,distance,error,").AppendJoin(
            ',', ToyboxFigure.BoxIou.Name, ToyboxFigure.Leak.Name, ToyboxFigure.Missing.Name, ToyboxFigure.Scene.Name).Append('\n');
        foreach (var (name, pictures) in Sets(result))
        {
            foreach (var picture in pictures)
            {
                foreach (var (index, place) in picture.Places.Index())
                {
                    lines.AppendJoin(',', Cells(name, picture, index, place, bank)).Append('\n');
                }
            }
        }

        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(lines.ToString())));
    }

    /// <summary>A page with the figures and all pictures, complete in one file.</summary>
    /// <exception cref="Errors.OutputNotWrittenException">The file cannot be written.</exception>
    public static void WriteHtml(string path, ToyboxBenchResult result, SubjectBank bank) =>
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(ToyboxBenchPage.Write(result, bank))));

    /// <summary>Four orders a row, each as its references in their places, composed, rebuilt (if it was) and painted.</summary>
    public static Picture Sheet(ToyboxBenchResult result)
    {
        var orders = Enumerable.Range(0, result.Painted.Pictures.Count).Select(i => Row(result, i));
        return SampleSheet.Grid([.. orders.Chunk(OrdersInRow).Select(row => row.SelectMany(pictures => pictures).ToArray())]);
    }

    /// <summary>Names of the sets with their pictures, the painted ones last.</summary>
    internal static IEnumerable<(string Name, IReadOnlyList<JudgedPicture> Pictures)> Sets(ToyboxBenchResult result)
    {
        yield return ("composed", result.Composed.Pictures);
        if (result.Rebuilt is { } rebuilt)
        {
            yield return ("vae", rebuilt.Pictures);
        }

        yield return ("painted", result.Painted.Pictures);
    }

    private static IEnumerable<Picture> Row(ToyboxBenchResult result, int index) =>
        Sets(result).Select(set => set.Pictures[index].Picture).Prepend(OrderSketch.Draw(result.Painted.Pictures[index].Order));

    private static IEnumerable<string> Cells(string set, JudgedPicture picture, int index, JudgedPlace place, SubjectBank bank)
    {
        var subject = bank.Subjects[place.Subject];
        return
        [
            set, Cell(picture.Order.Number), Cell(picture.Order.Seed), Cell(index), subject.Code, subject.Name,
            bank.Subjects[place.Nearest].Name, Cell(place.Rank), Cell(place.Distance), Cell(place.Error), Cell(place.BoxIou),
            Cell(place.Leak), Cell(place.Missing), Cell(picture.RightScene),
        ];
    }

    private static string Cell(object? value) => value switch
    {
        bool flag => flag ? "1" : "0",
        double number => number.ToString("0.#####", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}
