using System.Text.Json;
using System.Text.Json.Nodes;
using Dramatis.Errors;

namespace Dramatis.Training.Preparation;

/// <summary>What is known of each item: one line each, written as soon as it is known, so that a killed run goes on behind it.</summary>
internal sealed class PreparationJournal : IDisposable
{
    private const string FileName = "prepared.jsonl";

    private readonly FileStream stream;
    private readonly Dictionary<string, JournalLine> lines = [];

    private PreparationJournal(FileStream stream) => this.stream = stream;

    /// <summary>Opens the journal of a folder, or begins one.</summary>
    /// <param name="madeWith">Models and filters; with others a folder must not go on.</param>
    /// <exception cref="InvalidDataSetException">It was made with others, or cannot be read.</exception>
    /// <exception cref="OutputNotWrittenException">It cannot be written.</exception>
    public static PreparationJournal Open(string folder, string madeWith)
    {
        var path = Path.Combine(folder, FileName);
        FileStream? stream = null;
        try
        {
            stream = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
            var journal = new PreparationJournal(stream);
            journal.Read(path, madeWith);
            return journal;
        }
        catch (Exception e)
        {
            stream?.Dispose();
            if (e is IOException or UnauthorizedAccessException)
            {
                throw new OutputNotWrittenException(path, e);
            }

            throw;
        }
    }

    public JournalLine? Find(string item) => lines.GetValueOrDefault(item);

    public void Add(string item, JournalLine line)
    {
        lines[item] = line;
        Write(new()
        {
            ["item"] = item,
            ["record"] = line.Record?.DeepClone(),
            ["reason"] = line.Reason?.ToString(),
            ["problem"] = line.Problem,
        });
    }

    public void Dispose() => stream.Dispose();

    private void Read(string path, string madeWith)
    {
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        var whole = bytes.AsSpan().LastIndexOf((byte)'\n') + 1;    // a line without its end was being written when the run was killed
        stream.SetLength(whole);
        stream.Position = whole;
        var texts = System.Text.Encoding.UTF8.GetString(bytes, 0, whole).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (texts.Length == 0)
        {
            Write(new() { ["made_with"] = madeWith });
            return;
        }

        var read = 1;
        try
        {
            if ((string?)Parse(texts[0])["made_with"] != madeWith)
            {
                throw new InvalidDataSetException(
                    path, "was begun with other models, settings or filters. Choose another folder, or delete this file to begin anew.");
            }

            foreach (var line in texts.Skip(1).Select(Parse))
            {
                read++;
                lines[(string?)line["item"] ?? throw new JsonException("a line without an item")] = line["record"] is JsonObject record
                    ? new(record)
                    : new(null, Enum.Parse<SkipReason>((string?)line["reason"] ?? ""), (string?)line["problem"]);
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            throw new InvalidDataSetException(path, $"is damaged at line {read} or the next. Delete it to begin anew.", e);
        }
    }

    private static JsonObject Parse(string text) => JsonNode.Parse(text) as JsonObject ?? throw new JsonException("a line that is no object");

    private void Write(JsonObject line)
    {
        try
        {
            stream.Write(JsonSerializer.SerializeToUtf8Bytes(line, JournalJson.Default.JsonObject));
            stream.WriteByte((byte)'\n');
            stream.Flush();
        }
        catch (IOException e)
        {
            throw new OutputNotWrittenException(stream.Name, e);
        }
    }
}

/// <summary>An item's record, or why it has none.</summary>
internal sealed record JournalLine(JsonObject? Record, SkipReason? Reason = null, string? Problem = null);

[System.Text.Json.Serialization.JsonSerializable(typeof(JsonObject))]
internal sealed partial class JournalJson : System.Text.Json.Serialization.JsonSerializerContext;
