using System.Globalization;
using Dramatis.Checkpoints;
using Dramatis.Checkpoints.Kinds;
using Dramatis.Cli.Host;
using Dramatis.Weights.Catalog;

namespace Dramatis.Cli.Commands;

/// <summary>What <c>dramatis inspect</c> says, as text and as JSON.</summary>
internal static class InspectReport
{
    private const int MostUnknown = 5;

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

    public static string ToText(TensorArchive archive, bool summary)
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
                    + $"{string.Join(", ", unknown.Take(MostUnknown))}{(unknown.Count > MostUnknown ? ", ..." : "")}"));
        }

        facts.Add(("format", archive.Format));
        facts.Add(("tensors", string.Create(
            CultureInfo.InvariantCulture,
            $"{archive.Tensors.Count}, {Values(archive):N0} values, {Bytes(archive) / 1024.0 / 1024:N1} MiB ({Types(archive)})")));
        facts.AddRange(archive.Metadata.OrderBy(item => item.Key, StringComparer.Ordinal).Select(item => ("metadata", $"{item.Key}: {Shorten(item.Value)}")));
        return string.Join(Environment.NewLine, [Lines(archive.Path, facts), .. summary ? [] : Sorted(archive).Select(TensorLine)]);
    }

    public static object ToJson(TensorArchive archive, bool summary)
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
            unknown = report.Unknown?.Take(MostUnknown),
            format = archive.Format,
            tensor_count = archive.Tensors.Count,
            values = Values(archive),
            bytes = Bytes(archive),
            metadata = archive.Metadata,
            tensors = summary ? null : Sorted(archive).Select(entry => new { name = entry.Name, type = entry.Type.Name(), shape = entry.Shape }),
        };
    }

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
