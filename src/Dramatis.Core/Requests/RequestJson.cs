using System.Text.Json;
using System.Text.RegularExpressions;
using Dramatis.Errors;
using Dramatis.Files;

namespace Dramatis.Requests;

/// <summary>Requests from and to JSON: the same on the command line, in files, over HTTP and in painted pictures.</summary>
public static partial class RequestJson
{
    private const int LongestJson = 256 << 20;    // references may lie inside
    private const string Whole = "request";

    /// <summary>Reads an order file. Paths in it are relative to its folder.</summary>
    /// <exception cref="InvalidRequestException">The file is missing, or says something that is no request.</exception>
    public static GenerationRequest Load(string path)
    {
        try
        {
            return Parse(TextFile.Read(path, LongestJson, "an order file"), Path.GetDirectoryName(Path.GetFullPath(path))!);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidRequestException(path, e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidRequestException(path, $"the order file cannot be read: {e.Message}");
        }
    }

    /// <summary>Reads a request. It is well formed then, but not validated.</summary>
    /// <param name="folder">What paths in it are relative to.</param>
    /// <exception cref="InvalidRequestException">The text is no JSON, a field is unknown, twice there, or of the wrong kind.</exception>
    public static GenerationRequest Parse(string json, string folder)
    {
        var contract = new RequestContract(folder);
        try
        {
            return JsonSerializer.Deserialize(json, contract.Request)
                ?? throw new InvalidRequestException(Whole, "is null; it must be an object with a \"prompt\".");
        }
        catch (JsonException e)
        {
            var field = FieldOf(e.Path + (e as RefusedValueException)?.Part);
            throw new InvalidRequestException(field.Length == 0 ? Whole : field, Explain(e, field, contract));
        }
    }

    /// <summary>The JSON of a request, on one line, without fields that have their usual value.</summary>
    /// <param name="folder">What paths are written relative to; null leaves them as they are.</param>
    public static string Write(GenerationRequest request, string? folder = null) =>
        JsonSerializer.Serialize(request, new RequestContract(folder).Request);

    // Names that are no words stand as ['…'] in it.
    private static string FieldOf(string path) => path.Replace("['", ".", StringComparison.Ordinal).Replace("']", "", StringComparison.Ordinal).TrimStart('$', '.');

    private static string Explain(JsonException e, string field, RequestContract contract) => e switch
    {
        RefusedValueException { Problem: { } problem } => problem,
        { Message: var message } when field.Length > 0 && message.StartsWith("The JSON value", StringComparison.Ordinal) => "has a value of the wrong kind" + At(e),
        { Message: var message } when field.Length > 0 && message.StartsWith("Duplicate property", StringComparison.Ordinal) => "is given twice" + At(e),
        { Message: var message } when field.Length > 0 && message.StartsWith("The JSON property", StringComparison.Ordinal) => Spelling.Unknown(field[(field.LastIndexOf('.') + 1)..], contract.NamesBeside(field)),
        _ => "is not valid JSON" + At(e) + " " + FirstSentence().Match(e.Message).Value,
    };

    private static string At(JsonException e) => $" (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}).";

    [GeneratedRegex(@"^[^.]*\.")]
    private static partial Regex FirstSentence();
}
