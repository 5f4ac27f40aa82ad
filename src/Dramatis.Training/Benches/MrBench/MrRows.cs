using System.Text.Json;
using System.Text.Json.Serialization;
using Dramatis.Errors;
using Dramatis.Files;

namespace Dramatis.Benches.MrBench;

/// <summary>The rows of several methods in a file: measured at different times, shown together.</summary>
internal static class MrRows
{
    private const string FileName = "mrbench.json";

    /// <summary>Puts a method's rows into the folder's file, in place of older ones of the same method, and gives those of all methods.</summary>
    /// <exception cref="InvalidDataSetException">The file is damaged.</exception>
    /// <exception cref="OutputNotWrittenException">It cannot be written.</exception>
    public static IReadOnlyList<MrRow> Merge(string folder, IReadOnlyList<MrRow> rows)
    {
        var path = Path.Combine(folder, FileName);
        var methods = rows.Select(row => row.Method).ToHashSet();
        IReadOnlyList<MrRow> all = [.. Read(path).Where(row => !methods.Contains(row.Method)), .. rows];
        AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, all, MrRowsJson.Default.IReadOnlyListMrRow));
        return all;
    }

    private static IReadOnlyList<MrRow> Read(string path)
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllBytes(path), MrRowsJson.Default.IReadOnlyListMrRow)! : [];
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataSetException(path, $"is no table of this bench ({e.Message}). Remove it and measure again: what was painted stays.", e);
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(IReadOnlyList<MrRow>))]
internal sealed partial class MrRowsJson : JsonSerializerContext;
