using System.Text;
using Dramatis.Errors;
using Dramatis.Files;

namespace Dramatis.Training.Records;

/// <summary>A record that cannot be used.</summary>
/// <param name="Line">From 1.</param>
internal sealed record RecordProblem(string File, int Line, string Problem)
{
    public override string ToString() => $"{File}:{Line}: {Problem}";
}

/// <summary>A data set: <c>records.jsonl</c> in a folder, one record a line. Every record is checked before the first is used.</summary>
internal sealed class RecordSet
{
    public const string FileName = "records.jsonl";

    private readonly string file;

    private RecordSet(string file, IReadOnlyList<TrainingRecord> records, IReadOnlyList<RecordProblem> problems)
    {
        this.file = file;
        Records = records;
        Problems = problems;
    }

    /// <summary>Those that can be used.</summary>
    public IReadOnlyList<TrainingRecord> Records { get; }

    /// <summary>All others.</summary>
    public IReadOnlyList<RecordProblem> Problems { get; }

    /// <summary>Writes the file of a data set, whole or not at all.</summary>
    /// <param name="lines">A record as JSON each.</param>
    /// <returns>The path of the file.</returns>
    /// <exception cref="OutputNotWrittenException">It cannot be written.</exception>
    public static string Write(string folder, IEnumerable<string> lines)
    {
        var file = Path.Combine(folder, FileName);
        AtomicFile.Write(file, stream => stream.Write(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n")))));
        return file;
    }

    /// <param name="mostSubjects">Subjects beyond which a record is refused.</param>
    /// <param name="needsSubjects">Whether a record without subjects is refused.</param>
    /// <exception cref="InvalidDataSetException">The file is missing or cannot be read.</exception>
    public static RecordSet Load(string folder, int mostSubjects, bool needsSubjects = true)
    {
        var file = Path.Combine(folder, FileName);
        var reader = new RecordReader(folder, mostSubjects, needsSubjects);
        var records = new List<TrainingRecord>();
        var problems = new List<RecordProblem>();
        try
        {
            foreach (var (index, text) in TextFile.ReadLines(file).Index().Where(item => !string.IsNullOrWhiteSpace(item.Item)))
            {
                Add(text, index + 1);
            }
        }
        catch (Exception e) when (FileProblem.Is(e))
        {
            throw new InvalidDataSetException(file, $"{FileProblem.Of(file, e)} A data set is a folder with this file, one record a line.", e);
        }

        return new(file, records, problems);

        void Add(string text, int line)
        {
            try
            {
                records.Add(reader.Read(text, line));
            }
            catch (RecordException e)
            {
                problems.Add(new(file, line, e.Message));
            }
        }
    }

    /// <summary>The same, with records that a training cannot use among the problems.</summary>
    /// <param name="problem">Why not, or null.</param>
    public RecordSet Sift(Func<TrainingRecord, string?> problem)
    {
        var parts = Records.ToLookup(problem);
        var broken = parts.Where(part => part.Key is not null).SelectMany(part => part.Select(record => new RecordProblem(file, record.Line, part.Key!)));
        return new(file, [.. parts[null]], [.. Problems.Concat(broken).OrderBy(item => item.Line)]);
    }

    /// <summary>The records, when there are some and none is broken, or broken ones may be left out.</summary>
    /// <exception cref="InvalidDataSetException">They cannot be trained on.</exception>
    public IReadOnlyList<TrainingRecord> Require(bool skipBad) =>
        Require(file, Records, [.. Problems.Select(problem => ($"line {problem.Line}", problem.Problem))], skipBad);

    /// <summary>The same of records of another kind.</summary>
    /// <param name="problems">Of the broken ones, each with where it is in the file.</param>
    /// <exception cref="InvalidDataSetException">They cannot be trained on.</exception>
    public static IReadOnlyList<T> Require<T>(string file, IReadOnlyList<T> records, IReadOnlyList<(string Place, string Problem)> problems, bool skipBad)
    {
        var all = records.Count + problems.Count;
        return problems.Count > 0 && !skipBad
            ? throw new InvalidDataSetException(
                file, $"{problems.Count} of {all} records cannot be used, the first in {problems[0].Place}: {problems[0].Problem} Mend them, or leave "
                    + "them out with --skip-bad.")
            : records.Count > 0
                ? records
                : throw new InvalidDataSetException(file, all == 0
                    ? "has no records."
                    : $"all of its {all} records are broken, the first in {problems[0].Place}: {problems[0].Problem}");
    }
}
