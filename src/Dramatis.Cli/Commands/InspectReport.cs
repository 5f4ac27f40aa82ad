using System.Globalization;
using Dramatis.Checkpoints;
using Dramatis.Checkpoints.Kinds;
using Dramatis.Cli.Host;
using Dramatis.Weights.Catalog;

namespace Dramatis.Cli.Commands;

/// <summary>How much of a file is looked at.</summary>
/// <param name="Summary">Leaves out the list of tensors.</param>
/// <param name="Values">Whether all values are read.</param>
internal readonly record struct InspectDepth(bool Summary, bool Values);

/// <summary>What <c>dramatis inspect</c> says, as text and as JSON.</summary>
internal static class InspectReport
{
    private const int MostNames = 5;

    public static string ToText(string path, ModelContents contents) => Lines(path,
    [
        ("kind", $"model folder{(contents.Family is { } family ? $", {family}" : "")}"),
        ("text", $"{contents.TextWidth} wide"),
        ("can", string.Join(", ", contents.Can)),
    ]);

    public static object ToJson(string path, ModelContents contents, IEnumerable<object> parts) => new
    {
        path,
        kind = "model folder",
        fits = contents.Family,
        text_width = contents.TextWidth,
        can = contents.Can,
        parts,
    };

    public static string ToText(TensorArchive archive, InspectDepth depth)
    {
        var report = CheckpointReport.Of(archive);
        List<(string Name, string Value)> facts = [("kind", report.Kind?.Name ?? "unknown")];
        if (report.Kind?.Fits is { } fits)
        {
            facts.Add(("fits", report.Kind.TextWidth is { } width && CheckpointKind.FamilyOf(width) is not null ? $"{fits} (text {width} wide)" : fits));
        }

        facts.AddRange(report.Facts.Select(fact => (fact.Name, fact.Value)));
        if (report.Unknown is { } unknown)
        {
            facts.Add(("unknown", unknown.Count == 0 ? "none"
                : $"{unknown.Count} of {archive.Tensors.Count} names: "
                    + $"{string.Join(", ", unknown.Take(MostNames))}{(unknown.Count > MostNames ? ", ..." : "")}"));
        }

        facts.Add(("format", archive.Format));
        facts.Add(("tensors", string.Create(
            CultureInfo.InvariantCulture,
            $"{archive.Tensors.Count}, {Values(archive):N0} values, {Bytes(archive) / 1024.0 / 1024:N1} MiB ({Types(archive)})")));
        if (depth.Values)
        {
            facts.Add(("not finite", NotFiniteText(NotFiniteValues.In(archive))));
        }

        facts.AddRange(archive.Metadata.OrderBy(item => item.Key, StringComparer.Ordinal).Select(item => ("metadata", $"{item.Key}: {Shorten(item.Value)}")));
        return string.Join(Environment.NewLine, [Lines(archive.Path, facts), .. depth.Summary ? [] : Sorted(archive).Select(TensorLine)]);
    }

    public static object ToJson(TensorArchive archive, InspectDepth depth)
    {
        var report = CheckpointReport.Of(archive);
        return new
        {
            path = archive.Path,
            kind = report.Kind?.Name,
            fits = report.Kind?.Fits,
            text_width = report.Kind?.TextWidth,
            facts = report.Facts.ToDictionary(fact => fact.Name.Replace(' ', '_'), fact => fact.Value),
            unknown_count = report.Unknown?.Count,
            unknown = report.Unknown?.Take(MostNames),
            format = archive.Format,
            tensor_count = archive.Tensors.Count,
            values = Values(archive),
            bytes = Bytes(archive),
            not_finite = depth.Values ? NotFiniteValues.In(archive) : null,
            metadata = archive.Metadata,
            tensors = depth.Summary ? null : Sorted(archive).Select(entry => new { name = entry.Name, type = entry.Type.Name(), shape = entry.Shape }),
        };
    }

    private static string NotFiniteText(IReadOnlyDictionary<string, long> found) => found.Count == 0 ? "none" : string.Create(
        CultureInfo.InvariantCulture,
        $"{found.Values.Sum():N0} values in {found.Count} of the tensors, which cannot be painted with: "
            + $"{string.Join(", ", found.Take(MostNames).Select(item => $"{item.Key} ({item.Value:N0})"))}{(found.Count > MostNames ? ", ..." : "")}");

    private static string Lines(string path, IReadOnlyList<(string Name, string Value)> facts)
    {
        var width = facts.Max(fact => fact.Name.Length);
        return string.Join(Environment.NewLine, facts.Select(fact => TerminalText.OneLine($"  {fact.Name.PadRight(width)}  {fact.Value}")).Prepend(path));
    }

    private static string TensorLine(TensorEntry entry) =>
        TerminalText.OneLine($"  {entry.Type.Name(),-7}  {$"[{string.Join(", ", entry.Shape)}]",-20}  {entry.Name}");

    private static IEnumerable<TensorEntry> Sorted(TensorArchive archive) => archive.Tensors.Values.OrderBy(entry => entry.Name, StringComparer.Ordinal);

    private static long Values(TensorArchive archive) => archive.Tensors.Values.Sum(entry => entry.ByteCount / entry.Type.Size());

    private static long Bytes(TensorArchive archive) => archive.Tensors.Values.Sum(entry => entry.ByteCount);

    private static string Types(TensorArchive archive) => archive.Tensors.Count == 0
        ? "none"
        : string.Join(", ", archive.Tensors.Values.GroupBy(entry => entry.Type).OrderByDescending(group => group.Count())
            .Select(group => $"{group.Count()} {group.Key.Name()}"));

    // Trainers put whole settings files there.
    private static string Shorten(string text)
    {
        const int longest = 100;
        return text.Length <= longest ? text : $"{text[..longest]} ... ({text.Length} characters)";
    }
}
