using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Dramatis.Checkpoints;
using Dramatis.Errors;

namespace Dramatis.Cli.Commands;

/// <summary><c>dramatis inspect</c>: what is in a file of weights, without loading it.</summary>
internal static class InspectCommand
{
    public static Command Create()
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "Files of weights: safetensors, an index of shards (.json), or torch.save's .bin, .pt, .pth and .ckpt.",
            Arity = ArgumentArity.OneOrMore,
        };
        var summary = new Option<bool>("--summary") { Description = "Leave out the list of tensors." };
        var json = new Option<bool>("--json") { Description = "One JSON object a file instead of text." };
        var command = new Command(
            "inspect",
            """
            Says what kind of checkpoint a file is, what it fits, and which tensors it holds.
            Nothing in a file is ever executed.

            Example: dramatis inspect ip-adapter_sd15.bin --summary
            """)
        {
            files,
            summary,
            json,
        };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(files), parsed.GetValue(summary), parsed.GetValue(json)));
        return command;
    }

    // A bad file among several does not hide the others.
    private static int Run(string[] files, bool summary, bool json)
    {
        var code = 0;
        foreach (var path in files)
        {
            try
            {
                using var archive = TensorArchive.Open(path);
                Console.WriteLine(json ? JsonLine(archive, summary) : Text(archive, summary));
            }
            catch (DramatisException e)
            {
                Console.Error.WriteLine($"error: {CommandLine.OneLine(e.Message)}");
                code = CommandLine.Failed;
            }
        }

        return code;
    }

    private static string Text(TensorArchive archive, bool summary)
    {
        var kind = CheckpointKind.Of(archive);
        List<string> lines =
        [
            archive.Path,
            $"  kind      {kind?.Name ?? "unknown"}",
            $"  format    {archive.Format}",
            string.Create(
                CultureInfo.InvariantCulture,
                $"  tensors   {archive.Tensors.Count}, {Values(archive):N0} values, {Bytes(archive) / 1024.0 / 1024:N1} MiB ({Types(archive)})"),
            .. archive.Metadata.OrderBy(item => item.Key, StringComparer.Ordinal).Select(item => $"  metadata  {item.Key}: {Shorten(item.Value)}"),
        ];
        if (kind?.Fits is { } fits)
        {
            lines.Insert(2, $"  fits      {fits}");
        }

        if (!summary)
        {
            lines.AddRange(archive.Tensors.Values.OrderBy(entry => entry.Name, StringComparer.Ordinal)
                .Select(entry => $"  {entry.Type.Name(),-7}  {Shape(entry),-20}  {entry.Name}"));
        }

        return string.Join(Environment.NewLine, lines);
    }

    private static string JsonLine(TensorArchive archive, bool summary)
    {
        var kind = CheckpointKind.Of(archive);
        return JsonSerializer.Serialize(new
        {
            path = archive.Path,
            kind = kind?.Name,
            fits = kind?.Fits,
            format = archive.Format,
            tensor_count = archive.Tensors.Count,
            values = Values(archive),
            bytes = Bytes(archive),
            metadata = archive.Metadata,
            tensors = summary ? null : archive.Tensors.Values.OrderBy(entry => entry.Name, StringComparer.Ordinal)
                .Select(entry => new { name = entry.Name, type = entry.Type.Name(), shape = entry.Shape }),
        });
    }

    private static long Values(TensorArchive archive) => archive.Tensors.Values.Sum(entry => entry.ByteCount / entry.Type.Size());

    private static long Bytes(TensorArchive archive) => archive.Tensors.Values.Sum(entry => entry.ByteCount);

    private static string Types(TensorArchive archive) => archive.Tensors.Count == 0
        ? "none"
        : string.Join(", ", archive.Tensors.Values.GroupBy(entry => entry.Type).OrderByDescending(group => group.Count())
            .Select(group => $"{group.Count()} {group.Key.Name()}"));

    private static string Shape(TensorEntry entry) => $"[{string.Join(", ", entry.Shape)}]";

    // Trainers put whole settings files there.
    private static string Shorten(string text)
    {
        const int longest = 100;
        var line = text.ReplaceLineEndings(" ");
        return line.Length <= longest ? line : $"{line[..longest]} ... ({text.Length} characters)";
    }
}
