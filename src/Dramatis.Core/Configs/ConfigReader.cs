using System.Text.Json;
using Dramatis.Errors;
using Dramatis.Files;

namespace Dramatis.Configs;

/// <summary>Typed access to a model's <c>config.json</c>; every error names the file, the field and the value.</summary>
/// <remarks>A field that is absent or null counts as not given: published files leave out what equals the default.</remarks>
internal sealed class ConfigReader
{
    private const int LongestFile = 64 << 20;    // vocabularies are settings too

    private readonly JsonElement root;

    private ConfigReader(JsonElement root, string path)
    {
        this.root = root;
        Path = path;
    }

    /// <summary>The file the settings come from, for messages only.</summary>
    public string Path { get; }

    /// <summary>Reads a file of settings.</summary>
    /// <exception cref="ModelNotFoundException">It is missing or unreadable.</exception>
    /// <exception cref="InvalidConfigException">It is no JSON object.</exception>
    public static ConfigReader Load(string path) => Parse(ReadText(path), path);

    /// <summary>The text of a file of settings.</summary>
    /// <exception cref="ModelNotFoundException">It is missing or unreadable.</exception>
    /// <exception cref="InvalidConfigException">It is no UTF-8, or too large to be one.</exception>
    public static string ReadText(string path)
    {
        try
        {
            return TextFile.Read(path, LongestFile, "a file of settings");
        }
        catch (InvalidDataException e)
        {
            throw new InvalidConfigException(path, e.Message, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelNotFoundException(path, $"{FileProblem.Of(path, e)} Copy or download it again where it is missing.");
        }
    }

    /// <exception cref="InvalidConfigException">The text is no JSON object.</exception>
    public static ConfigReader Parse(string json, string path)
    {
        try
        {
            using var document = PythonJson.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new(document.RootElement.Clone(), path)
                : throw new InvalidConfigException(path, "is not a JSON object.");
        }
        catch (JsonException e)
        {
            throw new InvalidConfigException(path, $"{JsonProblem.Of(e)}; copy or download it again.", e);
        }
    }

    /// <summary>The names of all fields.</summary>
    public IEnumerable<string> Fields => root.EnumerateObject().Select(item => item.Name);

    /// <summary>Whether the field is there, and null: published files write it where a part is left out.</summary>
    public bool IsNull(string field) => root.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.Null;

    /// <summary>Whether the field has a value.</summary>
    public bool Has(string field) => Find(field) is not null;

    /// <summary>A whole number, at least <paramref name="least"/>.</summary>
    public int Whole(string field, int? otherwise = null, int least = 1) =>
        Find(field) is not { } value ? otherwise ?? throw Missing(field) : ToInt(field, value, least);

    /// <summary>A finite number.</summary>
    public double Number(string field, double? otherwise = null) => OptionalNumber(field) ?? otherwise ?? throw Missing(field);

    /// <summary>A finite number, or null when not given.</summary>
    public double? OptionalNumber(string field) =>
        Find(field) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number) ? number
        : throw Wrong(field, value, "a finite number");

    public bool Bool(string field, bool otherwise) =>
        Find(field) is { } value ? ToBool(field, value) : otherwise;

    public string Text(string field, string? otherwise = null) =>
        Find(field) is not { } value ? otherwise ?? throw Missing(field)
        : value.ValueKind == JsonValueKind.String ? value.GetString()!
        : throw Wrong(field, value, "a text");

    /// <summary>One of several names, letters of either case.</summary>
    public T Choice<T>(string field, T otherwise)
        where T : struct, Enum
    {
        var text = Text(field, otherwise.ToString());
        return Enum.TryParse<T>(text, ignoreCase: true, out var choice) && Enum.IsDefined(choice) && !char.IsAsciiDigit(text[0])
            ? choice
            : throw Unsupported(field, text, Either([.. Enum.GetNames<T>().Select(name => name.ToLowerInvariant())]));
    }

    /// <summary>A list of whole numbers, each at least 1, at least one of them.</summary>
    public IReadOnlyList<int> Wholes(string field, IReadOnlyList<int>? otherwise = null) =>
        Find(field) is not { } value
            ? otherwise ?? throw Missing(field)
            : [.. Items(field, value).Select(item => ToInt(field, item, 1))];

    /// <summary>A list of finite numbers, at least one of them.</summary>
    public IReadOnlyList<double> Numbers(string field) =>
        Find(field) is not { } value ? throw Missing(field)
        : [.. Items(field, value).Select(item => item.ValueKind == JsonValueKind.Number && item.TryGetDouble(out var number) && double.IsFinite(number)
            ? number
            : throw Wrong(field, item, "a finite number"))];

    /// <summary>One whole number for each of <paramref name="count"/> levels; a single number stands for all of them.</summary>
    public IReadOnlyList<int> WholeForEach(string field, int count, int? otherwise = null) =>
        ForEach(field, count, "numbers", item => ToInt(field, item, 1)) ?? [.. Enumerable.Repeat(Whole(field, otherwise), count)];

    /// <summary>The same of true and false.</summary>
    public IReadOnlyList<bool> BoolForEach(string field, int count, bool otherwise) =>
        ForEach(field, count, "values", item => ToBool(field, item)) ?? [.. Enumerable.Repeat(Bool(field, otherwise), count)];

    /// <summary>A list of texts, at least one.</summary>
    public IReadOnlyList<string> Texts(string field, IReadOnlyList<string>? otherwise = null) =>
        Find(field) is not { } value
            ? otherwise ?? throw Missing(field)
            : [.. Items(field, value).Select(item => item.ValueKind == JsonValueKind.String
                ? item.GetString()!
                : throw Wrong(field, item, "a text"))];

    /// <summary>The fields of an object inside this one, or null when not given.</summary>
    public ConfigReader? Section(string field) =>
        Find(field) is not { } value ? null
        : value.ValueKind == JsonValueKind.Object ? new(value, Path)
        : throw Wrong(field, value, "an object");

    /// <summary>A field of any kind, or null when not given.</summary>
    public JsonElement? Json(string field) => Find(field);

    /// <summary>Refuses fields that nobody reads.</summary>
    public void RequireKnown(params IReadOnlyList<string> fields)
    {
        foreach (var field in root.EnumerateObject().Where(field => !fields.Contains(field.Name)))
        {
            throw new InvalidConfigException(Path, $"\"{field.Name}\" {Spelling.Unknown(field.Name, [.. fields])}");
        }
    }

    /// <summary>Refuses a field whose value is not the one thing that is supported.</summary>
    public void Require(string field, string supported)
    {
        if (Text(field, supported) is var text && text != supported)
        {
            throw Unsupported(field, text, supported);
        }
    }

    /// <summary>The error for a value that is well formed but that we cannot build.</summary>
    public InvalidConfigException Unsupported(string field, string value, string supported) =>
        new(Path, $"\"{field}\" is \"{value}\"; supported is {supported}.");

    private JsonElement? Find(string field) =>
        root.TryGetProperty(field, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private bool ToBool(string field, JsonElement value) =>
        value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Wrong(field, value, "true or false");

    // Null when the field is no list.
    private IReadOnlyList<T>? ForEach<T>(string field, int count, string what, Func<JsonElement, T> read)
    {
        if (Find(field) is not { ValueKind: JsonValueKind.Array } list)
        {
            return null;
        }

        IReadOnlyList<T> values = [.. Items(field, list).Select(read)];
        return values.Count == count ? values : throw Wrong(field, list, $"{count} {what}");
    }

    private JsonElement.ArrayEnumerator Items(string field, JsonElement value) =>
        value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0
            ? value.EnumerateArray()
            : throw Wrong(field, value, "a list with at least one item");

    private int ToInt(string field, JsonElement value, int least) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= least
            ? number
            : throw Wrong(field, value, $"a whole number of at least {least}");

    private InvalidConfigException Missing(string field) => new(Path, $"\"{field}\" is missing.");

    private InvalidConfigException Wrong(string field, JsonElement value, string wanted) =>
        new(Path, $"\"{field}\" is {Shorten(value.GetRawText())}, but must be {wanted}.");

    private static string Either(string[] names) => $"{string.Join(", ", names[..^1])} or {names[^1]}";

    private static string Shorten(string text) => text.Length <= 60 ? text : text[..57] + "...";
}
