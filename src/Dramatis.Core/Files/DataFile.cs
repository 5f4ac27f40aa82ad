using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dramatis.Errors;

namespace Dramatis.Files;

/// <summary>Files of data sets, whole. What is wrong with one is told in our words, with the cure that its reader knows.</summary>
internal static class DataFile
{
    private const long Longest = 1 << 30;

    /// <param name="cure">Whole sentences that follow what is wrong.</param>
    /// <exception cref="InvalidDataSetException">The file is missing or damaged, or says something else.</exception>
    public static T Json<T>(string path, JsonTypeInfo<T> type, string cure)
        where T : class => Guard(path, cure, () =>
        JsonSerializer.Deserialize(TextFile.Read(path, Longest, "such a file"), type) ?? throw new InvalidDataException("is null."));

    /// <summary>A list of which no item is null.</summary>
    /// <inheritdoc cref="Json"/>
    public static IReadOnlyList<T> JsonList<T>(string path, JsonTypeInfo<IReadOnlyList<T>> type, string cure)
        where T : class
    {
        var items = Json(path, type, cure);
        return items.Contains(null!) ? throw new InvalidDataSetException(path, $"has a null in its list. {cure}") : items;
    }

    /// <inheritdoc cref="Json"/>
    public static byte[] Bytes(string path, string cure) => Guard(path, cure, () => File.ReadAllBytes(path));

    /// <inheritdoc cref="Json"/>
    public static string Text(string path, string cure) => Guard(path, cure, () => TextFile.Read(path, Longest, "such a file"));

    private static T Guard<T>(string path, string cure, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (FileProblem.Is(e))
        {
            throw new InvalidDataSetException(path, $"{FileProblem.Of(path, e)} {cure}", e);
        }
    }
}
