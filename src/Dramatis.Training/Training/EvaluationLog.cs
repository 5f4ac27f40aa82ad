using System.Globalization;

namespace Dramatis.Training;

/// <summary>The figures of all evaluations of a training, one line each, as CSV.</summary>
internal sealed class EvaluationLog : IDisposable
{
    public const string FileName = "evaluations.csv";

    private readonly CsvLog log;

    /// <summary>Opens it to go on after so many steps; lines of later steps, from a run that was stopped, are dropped.</summary>
    public EvaluationLog(string folder, long steps) => log = new CsvLog(
        Path.Combine(folder, FileName),
        lines => lines.Where((line, i) => i == 0 || (Step(line) is { } step && step <= steps)));

    /// <param name="step">Steps done.</param>
    /// <param name="figures">By name; those of one stage are always the same.</param>
    public void Add(long step, IReadOnlyDictionary<string, double> figures)
    {
        if (log.IsEmpty)
        {
            log.Add($"step,{string.Join(',', figures.Keys)}");
        }

        var values = figures.Values.Select(value => value.ToString("G6", CultureInfo.InvariantCulture));
        log.Add(string.Create(CultureInfo.InvariantCulture, $"{step},{string.Join(',', values)}"));
        log.Flush();
    }

    public void Dispose() => log.Dispose();

    /// <summary>The steps and values of each figure in a folder's log; none where there is no log.</summary>
    public static IReadOnlyList<(string Figure, IReadOnlyList<(long Step, double Value)> Values)> Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        var rows = CsvLog.Rows(path);
        return rows.Count < 2
            ? []
            : [.. rows[0].Skip(1).Select((name, i) => (
                name,
                (IReadOnlyList<(long, double)>)[.. Enumerable.Range(1, rows.Count - 1).Select(row => (
                    (long)CsvLog.Number(path, rows, row, 0), CsvLog.Number(path, rows, row, i + 1)))]))];
    }

    private static long? Step(string line) =>
        long.TryParse(line.AsSpan(0, Math.Max(0, line.IndexOf(','))), CultureInfo.InvariantCulture, out var step) ? step : null;
}
