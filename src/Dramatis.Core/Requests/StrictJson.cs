using System.Globalization;
using System.Text.Json;
using Dramatis.Errors;
using Dramatis.Files;

namespace Dramatis.Requests;

/// <summary>Records from and to JSON. What is wrong is named by its field; beside a name that nobody knows stands the one that may be meant.</summary>
internal static class StrictJson
{
    /// <summary>What an error calls the whole.</summary>
    public const string Whole = "request";

    private const int LongestJson = 256 << 20;    // references may lie inside

    /// <summary>Reads an order file.</summary>
    /// <param name="parse">From its text, and the folder that paths in it are relative to.</param>
    /// <exception cref="InvalidRequestException">The file cannot be read.</exception>
    public static T Load<T>(string path, Func<string, string, T> parse)
    {
        try
        {
            return parse(TextFile.Read(path, LongestJson, "an order file"), Path.GetDirectoryName(Path.GetFullPath(path))!);
        }
        catch (InvalidRequestException e) when (e.Field == Whole || JsonProblem.IsMalformed(e))
        {
            throw new InvalidRequestException(path, e.Problem);    // what the whole is called, where it is a file
        }
        catch (InvalidDataException e)
        {
            throw new InvalidRequestException(path, e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidRequestException(path, FileProblem.Of(path, e));
        }
    }

    /// <param name="form">What it must be: <c>an object with a "prompt"</c>.</param>
    /// <exception cref="InvalidRequestException">The text is no JSON, a field is unknown, twice there, missing, or of the wrong kind.</exception>
    public static T Parse<T>(string json, RequestContract contract, string form)
        where T : class
    {
        var type = contract.Of<T>();
        try
        {
            return JsonSerializer.Deserialize(json, type) ?? throw new InvalidRequestException(Whole, $"is null; it must be {form}.");
        }
        catch (JsonException e)
        {
            var field = FieldOf(e.Path + (e as RefusedValueException)?.Part);
            var problem = Explain(e, field, () => contract.NamesBeside(type, field), () => ValueProblem(json, contract.Find(type, field), field));
            throw new InvalidRequestException(
                field.Length == 0 ? Whole : field, problem ?? (JsonProblem.IsMalformed(e) ? JsonProblem.Malformed(e, json) : $"is not {form}."));
        }
    }

    /// <summary>On one line, without fields that have their usual value.</summary>
    public static string Write<T>(T record, RequestContract contract) => JsonSerializer.Serialize(record, contract.Of<T>());

    // Names that are no words stand as ['…'] in it.
    private static string FieldOf(string path) =>
        path.Replace("['", ".", StringComparison.Ordinal).Replace("']", "", StringComparison.Ordinal).TrimStart('$', '.');

    // Null for what is no JSON at all.
    private static string? Explain(JsonException e, string field, Func<IReadOnlyList<string>> known, Func<(string? Number, string Kinds)> value)
    {
        return e is RefusedValueException { Problem: { } problem } ? problem
            : Says("The JSON value") ? WrongKind(e, value())
            : Says("Duplicate property") ? "is given twice" + At(e) + "."
            : Says("The JSON property") ? Spelling.Unknown(field[(field.LastIndexOf('.') + 1)..], known())
            : null;

        bool Says(string start) => field.Length > 0 && e.Message.StartsWith(start, StringComparison.Ordinal);
    }

    private static string WrongKind(JsonException e, (string? Number, string Kinds) value) =>
        value.Number ?? $"has a value of the wrong kind{At(e)}{value.Kinds}.";

    // What stands there, and what should: a number that the field's type cannot hold is of the right kind, and says so itself.
    private static (string? Number, string Kinds) ValueProblem(string json, RequestField? field, string path)
    {
        if (field is null || ValueAt(json, path) is not { } value)
        {
            return (null, "");
        }

        var isWhole = field.Type == typeof(int) || field.Type == typeof(ulong);
        return isWhole && value.ValueKind == JsonValueKind.Number ? (NumberProblem(value, field), "")
            : (null, Wanted(field.Type) is { } wanted ? $": {Given(value)} stands where {wanted} belongs" : "");
    }

    private static string NumberProblem(JsonElement value, RequestField field)
    {
        var text = value.GetRawText();
        var (least, most) = field.Type == typeof(ulong) ? ((object)ulong.MinValue, (object)ulong.MaxValue) : (field.Said.Least, field.Said.Most);
        var cure = field.Said.Cure is { } said ? $"; {said}." : ".";
        return !value.TryGetDecimal(out var number) || (double)number < Convert.ToDouble(least, CultureInfo.InvariantCulture) || (double)number > Convert.ToDouble(most, CultureInfo.InvariantCulture)
                || number == decimal.Truncate(number) && !text.AsSpan().ContainsAny('.', 'e', 'E')
            ? string.Create(CultureInfo.InvariantCulture, $"{text} is not between {least} and {most}{cure}")
            : number != decimal.Truncate(number) ? $"{text} is not a whole number{cure}"
            : string.Create(CultureInfo.InvariantCulture, $"{text} is written as a fraction or a power; write {number:0}.");
    }

    private static string? Wanted(Type type) => type switch
    {
        _ when type == typeof(int) || type == typeof(long) || type == typeof(ulong) => "a whole number",
        _ when type == typeof(double) => "a number",
        _ when type == typeof(bool) => "true or false",
        _ when type == typeof(string) || type.IsEnum => "text",
        _ when type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) => "a list in [ ]",
        _ => null,
    };

    private static string Given(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => "text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Array => "a list",
        JsonValueKind.Object => "an object",
        _ => value.GetRawText(),
    };

    private static JsonElement? ValueAt(string json, string path)
    {
        using var document = JsonDocument.Parse(json);
        var value = document.RootElement;
        foreach (var part in path.Split('.', '[').Select(part => part.TrimEnd(']')).Where(part => part.Length > 0))
        {
            if (value.ValueKind == JsonValueKind.Array
                && int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var i) && i < value.GetArrayLength())
            {
                value = value[i];
            }
            else if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(part, out value))
            {
                return null;
            }
        }

        return value.Clone();
    }

    private static string At(JsonException e) => $" (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1})";
}
