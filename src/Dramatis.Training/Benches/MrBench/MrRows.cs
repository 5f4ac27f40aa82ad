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

    private static IReadOnlyList<MrRow> Read(string path) => !File.Exists(path) ? [] : DataFile.JsonList(
        path, MrRowsJson.Default.IReadOnlyListMrRow, "It should be the table of this bench: remove it and measure again; what was painted stays.");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(IReadOnlyList<MrRow>))]
internal sealed partial class MrRowsJson : JsonSerializerContext;
