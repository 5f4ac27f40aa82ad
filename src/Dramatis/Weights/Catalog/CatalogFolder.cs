using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dramatis.Configs;
using Dramatis.Errors;
using Dramatis.Files;

namespace Dramatis.Weights.Catalog;

/// <summary>The folder that a catalogue is kept in.</summary>
/// <remarks>Each entry has a file of its own, NAME.json: two who add or remove at the same time do not undo each other's work.</remarks>
internal sealed class CatalogFolder(string folder)
{
    private const string DataVariable = "DRAMATIS_DATA";
    private const string Ending = ".json";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        IgnoreReadOnlyProperties = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        WriteIndented = true,
    };

    /// <summary>In the user's data folder, or in that which <c>DRAMATIS_DATA</c> names.</summary>
    public static string Usual() => Path.Combine(
        Environment.GetEnvironmentVariable(DataVariable) is { Length: > 0 } data
            ? data
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "dramatis"),
        "models");

    /// <summary>All names, in order.</summary>
    /// <exception cref="ModelNotFoundException">The folder cannot be read.</exception>
    public IReadOnlyList<string> Names()
    {
        try
        {
            return !Directory.Exists(folder) ? []
                : [.. VisibleFiles.In(folder, $"*{Ending}").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelNotFoundException(folder, FileProblem.OfFolder(folder, e));
        }
    }

    /// <summary>The entry of a name, or null.</summary>
    /// <exception cref="InvalidConfigException">It is damaged.</exception>
    public CatalogEntry? Find(string name)
    {
        var path = PathOf(name);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            // What the file is called counts, so that one may be copied under another name.
            return JsonSerializer.Deserialize<CatalogEntry>(ConfigReader.ReadText(path), Json) is { } entry
                ? entry with { Name = name }
                : throw new InvalidConfigException(path, $"is null. {Cure(name)}");
        }
        catch (JsonException e)
        {
            throw new InvalidConfigException(path, $"is no entry of the catalogue: it {JsonProblem.Of(e, "an object")}. {Cure(name)}", e);
        }
    }

    /// <exception cref="OutputNotWrittenException">It cannot be written.</exception>
    public void Write(CatalogEntry entry)
    {
        OutputFolder.Create(folder);
        AtomicFile.Write(PathOf(entry.Name), stream => JsonSerializer.Serialize(stream, entry, Json));
    }

    /// <exception cref="OutputNotWrittenException">It cannot be removed.</exception>
    public void Remove(string name)
    {
        try
        {
            File.Delete(PathOf(name));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OutputNotWrittenException(PathOf(name), e);
        }
    }

    private static string Cure(string name) => $"Remove it with 'dramatis models remove {name}' and add the model again.";

    private string PathOf(string name) => Path.Combine(folder, name + Ending);
}
