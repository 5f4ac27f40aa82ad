using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Dramatis.Errors;

/// <summary>What is wrong with JSON, by its fields and in words of its own: the runtime's name types.</summary>
internal static partial class JsonProblem
{
    private const string NotJson = "is not valid JSON";

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

    /// <summary>What is wrong where the text is no JSON at all, by what stands there.</summary>
    /// <param name="text">What was parsed.</param>
    /// <returns>A sentence about the text, with what to do.</returns>
    public static string Malformed(JsonException error, string text)
    {
        var rest = RestAt(error, text);
        var cure = string.IsNullOrWhiteSpace(text) ? "It is empty."
            : rest.Length == 0 ? "It ends early: a bracket or a quotation mark is missing."
            : rest[0] switch
            {
                '}' or ']' => "A comma is too many there, or a value is missing.",
                '\'' or '\u201c' or '\u201d' => "Names and texts stand in double quotation marks.",
                '/' or '#' => "There are no comments in JSON; remove it.",
                '"' => "A comma is missing before it, or a colon.",
                '\n' or '\r' => "A text ends on the line where it begins: write \\n where a new line is meant.",
                '{' or '[' => "One whole ends before it; a comma is missing, or it is one too many.",
                _ => $"\"{Shorten(rest)}\" is unexpected there: a comma, a bracket or a quotation mark is missing or too many.",
            };
        var (line, at) = (error.LineNumber + 1, error.BytePositionInLine + 1);
        return string.Create(CultureInfo.InvariantCulture, $"{NotJson} (line {line}, byte {at}). {cure}");
    }

    // What follows the place; blanks alone are nothing.
    private static string RestAt(JsonException error, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text).AsSpan();
        for (var line = error.LineNumber ?? 0; line > 0 && bytes.IndexOf((byte)'\n') is >= 0 and var end; line--)
        {
            bytes = bytes[(end + 1)..];
        }

        var rest = Encoding.UTF8.GetString(bytes[Math.Min((int)(error.BytePositionInLine ?? 0), bytes.Length)..]);
        return string.IsNullOrWhiteSpace(rest) ? "" : rest;
    }

    private static string Shorten(string text) =>
        text.Split(' ', ',', '}', ']', '\n', '\r')[0] is { Length: > 0 } word ? word[..Math.Min(word.Length, 20)] : text[..1];

    /// <summary>Whether an error was told by <see cref="Malformed"/>.</summary>
    public static bool IsMalformed(InvalidRequestException error) => error.Problem.StartsWith(NotJson, StringComparison.Ordinal);

    /// <summary>Whether the text is no JSON at all.</summary>
    /// <remarks>The parser's errors are of a type of their own, bare or inside those of the serializer.</remarks>
    public static bool IsMalformed(JsonException error) =>
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
