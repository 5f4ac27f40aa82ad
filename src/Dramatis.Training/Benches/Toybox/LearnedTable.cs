using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dramatis.Errors;
using Dramatis.Files;
using Dramatis.Toybox.Judging;

namespace Dramatis.Benches.Toybox;

/// <summary>How well a method paints subjects that it has learned, so many in a picture.</summary>
/// <param name="Together">Subjects in a picture.</param>
/// <param name="Text">Share of pictures whose ground is what the text says.</param>
/// <param name="Subject">Share of places whose nearest of 50 subjects is the right one.</param>
/// <param name="Error">Mean colour difference to the subject.</param>
/// <param name="Leak">Share of places where another subject of the picture is nearest.</param>
/// <param name="Seconds">Until so many new subjects can be painted, on a loaded model.</param>
/// <param name="Bytes">That so many subjects take.</param>
internal sealed record LearnedRow(
    string Method, int Together, int Pictures, Interval Text, Interval Subject, Interval Error, Interval Leak, double Seconds, long Bytes)
{
    /// <param name="seconds">To learn so many subjects.</param>
    /// <param name="bytes">That so many subjects take.</param>
    public static LearnedRow Of(string method, int together, ToyboxFigures figures, int pictures, double seconds, double bytes) => new(
        method,
        together,
        pictures,
        figures.Scene!.Value,
        figures.RightSubject!.Value,
        figures.SubjectError!.Value,
        figures.Leak!.Value,
        Math.Round(seconds, 4),
        (long)Math.Round(bytes));
}

/// <summary>The rows of several methods in a file: measured at different times, shown together.</summary>
internal static class LearnedTable
{
    /// <summary>Rows by method and number of subjects; none when there is no file.</summary>
    /// <exception cref="InvalidDataSetException">The file is damaged.</exception>
    public static IReadOnlyList<LearnedRow> Read(string path) => !File.Exists(path) ? [] : DataFile.JsonList(
        path,
        LearnedTableJson.Default.IReadOnlyListLearnedRow,
        "It should be the table of learned subjects: remove it and measure again; what was learned stays.");

    /// <summary>Puts a row into the file, in place of an older one of the same method and number.</summary>
    /// <exception cref="OutputNotWrittenException">The file cannot be written.</exception>
    public static void Add(string path, LearnedRow row)
    {
        IReadOnlyList<LearnedRow> rows =
        [
            .. Read(path)
                .Where(other => (other.Method, other.Together) != (row.Method, row.Together))
                .Append(row)
                .OrderBy(item => item.Together)
                .ThenBy(item => item.Method, StringComparer.Ordinal),
        ];
        AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, rows, LearnedTableJson.Default.IReadOnlyListLearnedRow));
    }

    /// <summary>In Markdown, with 95 % intervals.</summary>
    public static string Text(IReadOnlyList<LearnedRow> rows) => string.Join(
        '\n',
        [
            "| together | method | text alignment | subject alignment | subject error | leak | seconds to learn | speed-up | bytes stored |",
            "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
            .. rows.Select(row => string.Create(
                CultureInfo.InvariantCulture,
                $"| {row.Together} | {row.Method} | {Cell(row.Text)} | {Cell(row.Subject)} | {Cell(row.Error)} | {Cell(row.Leak)} | {row.Seconds:0.###} | "
                    + $"{SpeedUp(row, rows):N0} | {row.Bytes:N0} |")),
        ]);

    // Against the method that takes longest for as many subjects.
    private static double SpeedUp(LearnedRow row, IReadOnlyList<LearnedRow> rows) =>
        rows.Where(other => other.Together == row.Together).Max(other => other.Seconds) / Math.Max(row.Seconds, 1e-4);

    private static string Cell(Interval figure) =>
        string.Create(CultureInfo.InvariantCulture, $"{figure.Value:.000} [{figure.Low:.000}, {figure.High:.000}]");
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true,
    WriteIndented = true)]
[JsonSerializable(typeof(IReadOnlyList<LearnedRow>))]
internal sealed partial class LearnedTableJson : JsonSerializerContext;
