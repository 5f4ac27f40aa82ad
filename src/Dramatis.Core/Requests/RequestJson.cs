using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using Dramatis.Errors;
using Dramatis.Files;

namespace Dramatis.Requests;

/// <summary>Requests from and to JSON: the same on the command line, in files, over HTTP and in painted pictures.</summary>
public static partial class RequestJson
{
    private const int LongestJson = 256 << 20;    // references may lie inside

    private static readonly RequestContext Context = new(new JsonSerializerOptions(RequestContext.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

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
        try
        {
            var body = JsonSerializer.Deserialize(json, Context.RequestBody)
                ?? throw new InvalidRequestException("request", "is null; it must be an object with a \"prompt\".");
            return new RequestReader(folder).Read(body);
        }
        catch (JsonException e)
        {
            throw new InvalidRequestException(FieldOf(e.Path), Explain(e));
        }
    }

    /// <summary>The JSON of a request, on one line, without fields that have their usual value.</summary>
    /// <param name="folder">What paths are written relative to; null leaves them as they are.</param>
    public static string Write(GenerationRequest request, string? folder = null) =>
        JsonSerializer.Serialize(new RequestWriter(folder).Write(request), Context.RequestBody);

    private static string FieldOf(string? path) => path is null or "$" ? "request" : path.Replace("$.", "", StringComparison.Ordinal);

    private static string Explain(JsonException e) => (e.Path, e.InnerException) switch
    {
        (not null and not "$", _) when e.Message.StartsWith("The JSON value", StringComparison.Ordinal) => "has a value of the wrong kind" + At(e),
        (not null and not "$", _) when e.Message.StartsWith("Duplicate property", StringComparison.Ordinal) => "is given twice" + At(e),
        _ => "is not valid JSON" + At(e) + " " + FirstSentence().Match(e.Message).Value,
    };

    private static string At(JsonException e) => $" (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}).";

    [GeneratedRegex(@"^[^.]*\.")]
    private static partial Regex FirstSentence();
}
