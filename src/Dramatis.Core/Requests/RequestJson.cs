using Dramatis.Errors;

namespace Dramatis.Requests;

/// <summary>Requests from and to JSON: the same on the command line, in files, over HTTP and in painted pictures.</summary>
public static class RequestJson
{
    /// <summary>Reads an order file. Paths in it are relative to its folder.</summary>
    /// <exception cref="InvalidRequestException">The file is missing, or says something that is no request.</exception>
    public static GenerationRequest Load(string path) => StrictJson.Load(path, Parse);

    /// <summary>Reads a request. It is well formed then, but not validated.</summary>
    /// <param name="folder">What paths in it are relative to.</param>
    /// <exception cref="InvalidRequestException">The text is no JSON, a field is unknown, twice there, or of the wrong kind.</exception>
    public static GenerationRequest Parse(string json, string folder) =>
        StrictJson.Parse<GenerationRequest>(json, new(folder), "an object with a \"prompt\"");

    /// <summary>The JSON of a request, on one line, without fields that have their usual value.</summary>
    /// <param name="folder">What paths are written relative to; null leaves them as they are.</param>
    public static string Write(GenerationRequest request, string? folder = null) => StrictJson.Write(request, new(folder));
}
