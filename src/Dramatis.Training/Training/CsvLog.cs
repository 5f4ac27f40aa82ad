using System.Globalization;
using System.Text;
using Dramatis.Errors;
using Dramatis.Files;

namespace Dramatis.Training;

/// <summary>A table that grows by lines; a training that goes on drops the lines after its checkpoint.</summary>
internal sealed class CsvLog : IDisposable
{
    private const string Cure = "Remove it: it is for people, and the training goes on without.";

    private readonly string path;
    private readonly StreamWriter writer;

    /// <param name="keep">Which lines stay of a table that is there, the first one being its head.</param>
    /// <exception cref="OutputNotWrittenException">The file cannot be written.</exception>
    public CsvLog(string path, Func<IEnumerable<string>, IEnumerable<string>> keep)
    {
        this.path = path;
        if (File.Exists(path))
        {
            Keep(keep);
        }

        writer = Guard(() => new StreamWriter(path, append: true));
    }

    /// <summary>Whether the table has no head yet.</summary>
    public bool IsEmpty => writer.BaseStream.Length == 0;

    /// <exception cref="OutputNotWrittenException">The disk is full.</exception>
    public void Add(string line) => Guard(() =>
    {
        writer.WriteLine(line);
        return 0;
    });

    /// <exception cref="OutputNotWrittenException">The disk is full.</exception>
    public void Flush() => Guard(() =>
    {
        writer.Flush();
        return 0;
    });

    /// <summary>The rows of a table, its head first; none where there is no file.</summary>
    /// <exception cref="InvalidDataSetException">It is damaged.</exception>
    public static IReadOnlyList<string[]> Rows(string path) => !File.Exists(path)
        ? []
        : [.. DataFile.Text(path, Cure).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd('\r').Split(','))];

    /// <summary>A number of a row.</summary>
    /// <param name="row">Its index in <see cref="Rows"/>.</param>
    /// <exception cref="InvalidDataSetException">It is none.</exception>
    public static double Number(string path, IReadOnlyList<string[]> rows, int row, int column) =>
        double.TryParse(rows[row].ElementAtOrDefault(column), CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new InvalidDataSetException(path, $"is damaged in line {row + 1}. {Cure}");

    public void Dispose() => Guard(() =>
    {
        writer.Dispose();
        return 0;
    });

    // Whole or not at all: a process that is killed here loses nothing.
    private void Keep(Func<IEnumerable<string>, IEnumerable<string>> keep)
    {
        var text = string.Concat(Guard(() => keep(File.ReadLines(path)).ToArray()).Select(line => line + '\n'));
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
    }

    private T Guard<T>(Func<T> write)
    {
        try
        {
            return write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OutputNotWrittenException(path, e);
        }
    }
}
