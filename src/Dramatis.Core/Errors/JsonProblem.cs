using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Dramatis.Errors;

/// <summary>What is wrong with JSON, by its fields and in words of its own: the runtime's name types.</summary>
internal static partial class JsonProblem
{
    /// <param name="form">What the whole must be, for example <c>a list of groups</c>.</param>
    /// <returns>The predicate of a sentence about the text, without its full stop.</returns>
    public static string Of(JsonException error, string form = "JSON of the form that is read here")
    {
        var field = error.Path?.TrimStart('$').TrimStart('.') ?? "";
        return IsMalformed(error) ? $"is no valid JSON{At(error)}"
            : Says("JSON deserialization for type") ? $"{(field.Length > 0 ? $"{field} " : "")}lacks {string.Join(", ", Missing(error.Message))}"
            : Says("The JSON property") ? $"{field} is unknown"
            : Says("Duplicate property") ? $"{field} is given twice"
            : field.Length == 0 ? $"is not {form}"
            : $"{field} has a value of the wrong kind";

        bool Says(string start) => error.Message.StartsWith(start, StringComparison.Ordinal);
    }

    // The parser's errors are of a type of their own, bare or inside those of the serializer.
    private static bool IsMalformed(JsonException error) =>
        error.InnerException is JsonException || (error.GetType() != typeof(JsonException) && error.Path is null);

    private static string At(JsonException error) => error switch
    {
        { BytePositionInLine: not { } } => "",
        { LineNumber: > 0 and var line, BytePositionInLine: var at } => string.Create(CultureInfo.InvariantCulture, $" (line {line + 1}, byte {at + 1})"),
        { BytePositionInLine: var at } => string.Create(CultureInfo.InvariantCulture, $" (byte {at + 1})"),
    };

    private static IEnumerable<string> Missing(string message) =>
        Quoted().Matches(message, message.IndexOf("including", StringComparison.Ordinal) is >= 0 and var names ? names : 0).Select(match => match.Groups[1].Value);

    [GeneratedRegex("'([^']+)'")]
    private static partial Regex Quoted();
}
