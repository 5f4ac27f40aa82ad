using System.Globalization;

namespace Dramatis.Training;

/// <summary>The figures of a training, one line a step, as CSV: what all trainings have, then the parts of the loss where it has several.</summary>
internal sealed class LossLog : IDisposable
{
    public const string FileName = "loss.csv";

    private const string Columns = "step,loss,learning_rate,gradient_norm";

    private readonly CsvLog log;
    private string[]? parts;

    /// <summary>Opens it to go on after so many steps; lines of later steps, from a run that was stopped, are dropped.</summary>
    public LossLog(string folder, long steps)
    {
        var path = Path.Combine(folder, FileName);
        var head = CsvLog.Rows(path) is [var names, ..] ? names : null;
        parts = head?.Skip(Columns.Split(',').Length).ToArray();    // a log that was begun without parts goes on without
        log = new CsvLog(path, lines => lines.Take((int)steps + 1));
    }

    public void Add(long step, LossFigures loss, double rate, double norm)
    {
        if (parts is null)
        {
            parts = [.. loss.Parts.Keys];
            log.Add(string.Join(',', [Columns, .. parts]));
        }

        var values = parts.Select(part => loss.Parts.TryGetValue(part, out var value) ? value.ToString("G9", CultureInfo.InvariantCulture) : "");
        log.Add(string.Join(',', [string.Create(CultureInfo.InvariantCulture, $"{step},{loss.Total:G9},{rate:G6},{norm:G6}"), .. values]));
    }

    public void Flush() => log.Flush();

    public void Dispose() => log.Dispose();

    /// <summary>The loss of each step in a folder's log; none where there is no log.</summary>
    public static IReadOnlyList<double> Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        var rows = CsvLog.Rows(path);
        return [.. Enumerable.Range(1, Math.Max(0, rows.Count - 1)).Select(row => CsvLog.Number(path, rows, row, column: 1))];
    }
}
