using System.Globalization;

namespace Dramatis.Training;

/// <summary>The figures of a training, one line a step, as CSV.</summary>
internal sealed class LossLog : IDisposable
{
    public const string FileName = "loss.csv";

    private const string Header = "step,loss,learning_rate,gradient_norm";

    private readonly StreamWriter writer;

    /// <summary>Opens it to go on after so many steps; lines of later steps, from a run that was stopped, are dropped.</summary>
    public LossLog(string folder, long steps)
    {
        var path = Path.Combine(folder, FileName);
        var kept = File.Exists(path) ? File.ReadLines(path).Take((int)steps + 1).ToArray() : [];
        writer = new StreamWriter(path, append: false);
        writer.WriteLine(kept.Length > 0 ? kept[0] : Header);
        foreach (var line in kept.Skip(1))
        {
            writer.WriteLine(line);
        }

        writer.Flush();
    }

    public void Add(long step, double loss, double rate, double norm) =>
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{step},{loss:G9},{rate:G6},{norm:G6}"));

    public void Flush() => writer.Flush();

    public void Dispose() => writer.Dispose();
}
