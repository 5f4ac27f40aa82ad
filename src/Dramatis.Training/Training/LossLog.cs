using System.Globalization;

namespace Dramatis.Training;

/// <summary>The figures of a training, one line a step, as CSV.</summary>
internal sealed class LossLog : IDisposable
{
    public const string FileName = "loss.csv";

    private const string Header = "step,loss,learning_rate,gradient_norm";

    private readonly CsvLog log;

    /// <summary>Opens it to go on after so many steps; lines of later steps, from a run that was stopped, are dropped.</summary>
    public LossLog(string folder, long steps)
    {
        log = new CsvLog(Path.Combine(folder, FileName), lines => lines.Take((int)steps + 1));
        if (log.IsEmpty)
        {
            log.Add(Header);
        }
    }

    public void Add(long step, double loss, double rate, double norm) =>
        log.Add(string.Create(CultureInfo.InvariantCulture, $"{step},{loss:G9},{rate:G6},{norm:G6}"));

    public void Flush() => log.Flush();

    public void Dispose() => log.Dispose();

    /// <summary>The loss of each step in a folder's log; none where there is no log.</summary>
    public static IReadOnlyList<double> Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        return File.Exists(path)
            ? [.. File.ReadLines(path).Skip(1).Select(line => double.Parse(line.Split(',')[1], CultureInfo.InvariantCulture))]
            : [];
    }
}
