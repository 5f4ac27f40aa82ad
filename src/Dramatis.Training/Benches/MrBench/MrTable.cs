using System.Globalization;
using System.Text;
using Dramatis.Files;
using Dramatis.Toybox.Judging;

namespace Dramatis.Benches.MrBench;

/// <summary>Scores in tables: one of the paper's shape, with a row for each split and method, and one by kinds of topics.</summary>
internal static class MrTable
{
    /// <summary>The columns, as the paper has them, and three that need no network, each with the target's beside it.</summary>
    public const string Columns = "CLIP-I | CLIP-T | DINO-I | right group | the target | nearer | the target | right ground | the target";

    /// <summary>The figures of pictures: means with 95 % intervals.</summary>
    /// <param name="withReferences">Pictures are compared with the references, not with the target.</param>
    public static IReadOnlyList<Interval?> Figures(IEnumerable<MrRow> rows, bool withReferences)
    {
        MrRow[] all = [.. rows];
        MrScores[] scores = [.. all.Select(row => row.Scores)];
        return
        [
            Mean(score => withReferences ? score.ClipIReferences : score.ClipITarget),
            Mean(score => score.ClipT),
            Mean(score => withReferences ? score.DinoIReferences : score.DinoITarget),
            Rate(row => row.Verdict?.IsRight),
            Rate(row => row.TargetVerdict?.IsRight),
            MeanOf(all.Select(row => row.Verdict?.Nearer)),
            MeanOf(all.Select(row => row.TargetVerdict?.Nearer)),
            Rate(row => row.Verdict?.IsGroundRight),
            Rate(row => row.TargetVerdict?.IsGroundRight),
        ];

        Interval? Rate(Func<MrRow, bool?> of) =>
            all.Select(of).OfType<bool>().ToArray() is { Length: > 0 } known ? Interval.OfRate(known.Count(isRight => isRight), known.Length) : null;

        Interval? Mean(Func<MrScores, double?> of) => MeanOf(scores.Select(of));
    }

    /// <summary>In Markdown, with what pictures took.</summary>
    public static string Text(IReadOnlyList<MrRow> rows, bool withReferences)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"| split | method | references | {Columns} | pictures | seconds: reading, steps, decoding | peak MiB |");
        text.AppendLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach (var group in rows.GroupBy(row => (row.Split, row.Method, Count: Counts(rows, row))).OrderBy(group => group.Key))
        {
            text.Append(CultureInfo.InvariantCulture, $"| {group.Key.Split} | {group.Key.Method} | {group.Average(row => row.References):0.#} ");
            text.AppendLine(CultureInfo.InvariantCulture, $"| {Cells(group, withReferences)} | {group.Count()} | {Took(group)} |");
        }

        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"| topics | split | method | {Columns} |");
        text.AppendLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach (var group in rows.GroupBy(row => (Kind: GroupJudge.KindOf(row.Topic), row.Split, row.Method)).OrderBy(group => group.Key))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| {group.Key.Kind} | {group.Key.Split} | {group.Key.Method} | {Cells(group, withReferences)} |");
        }

        return text.ToString();
    }

    /// <summary>A line for each picture.</summary>
    public static string Csv(IReadOnlyList<MrRow> rows) => string.Concat((string[])[
        "method,group_id,topic,split,references,file,clip_i_target,clip_i_references,clip_t,clip_t_raw,dino_i_target,dino_i_references,"
            + "right_group,nearer,right_ground,seconds_before,seconds_steps,seconds_after,peak_bytes,prompt\n",
        .. rows.Select(row => string.Create(
            CultureInfo.InvariantCulture,
            $"{Quote(row.Method)},{Quote(row.GroupId)},{Quote(row.Topic)},{row.Split},{row.References},{Quote(row.File)},{row.Scores.ClipITarget:F6},"
                + $"{row.Scores.ClipIReferences:F6},{row.Scores.ClipT:F6},{row.Scores.ClipTRaw:F6},{row.Scores.DinoITarget:F6},{row.Scores.DinoIReferences:F6},"
                + $"{row.Verdict?.IsRight},{row.Verdict?.Nearer:F4},{row.Verdict?.IsGroundRight},{row.Seconds?.Before:F3},{row.Seconds?.Steps:F3},"
                + $"{row.Seconds?.After:F3},{row.Seconds?.PeakBytes},{Quote(row.Prompt)}\n"))]);

    /// <summary>Writes <c>mrbench.md</c>, <c>mrbench.csv</c> and <c>mrbench.html</c>.</summary>
    /// <exception cref="Errors.OutputNotWrittenException">One cannot be written.</exception>
    public static void Write(string folder, IReadOnlyList<MrRow> rows, bool withReferences)
    {
        Put("mrbench.md", Text(rows, withReferences));
        Put("mrbench.csv", Csv(rows));
        Put("mrbench.html", MrPage.Write(rows, withReferences));

        void Put(string name, string text) => AtomicFile.Write(Path.Combine(folder, name), stream => stream.Write(Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>A figure with its interval; nothing where there is none.</summary>
    public static string Cell(Interval? figure) =>
        figure is { } known ? string.Create(CultureInfo.InvariantCulture, $"{known.Value:.000} [{known.Low:.000}, {known.High:.000}]") : "";

    private static Interval? MeanOf(IEnumerable<double?> values) => values.OfType<double>().ToArray() is { Length: > 0 } known ? Bootstrap.OfMean(known) : null;

    private static string Cells(IEnumerable<MrRow> rows, bool withReferences) => string.Join(" | ", Figures(rows, withReferences).Select(Cell));

    // Groups that are too small for the number of references asked for are in one row with those that are not.
    private static int Counts(IReadOnlyList<MrRow> rows, MrRow row) =>
        rows.Where(other => (other.Split, other.Method, other.GroupId) == (row.Split, row.Method, row.GroupId)).Select(other => other.References)
            .Distinct().Order().ToList().IndexOf(row.References);

    private static string Took(IEnumerable<MrRow> rows)
    {
        MrSeconds[] timed = [.. rows.Select(row => row.Seconds).OfType<MrSeconds>()];
        return timed.Length == 0 ? "|" : string.Create(
            CultureInfo.InvariantCulture,
            $"{timed.Average(one => one.Before):0.00}, {timed.Average(one => one.Steps):0.00}, {timed.Average(one => one.After):0.00} | "
                + $"{timed.Max(one => one.PeakBytes) >> 20}");
    }

    private static string Quote(string text) =>
        text.AsSpan().ContainsAny(",\"\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal).Replace('\n', ' ')}\"" : text;
}
