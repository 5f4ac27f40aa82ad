using Dramatis.Errors;

namespace Dramatis.Requests;

/// <summary>Requests from and to JSON: the same on the command line, in files, over HTTP and in painted pictures.</summary>
public static class RequestJson
{
    private const string Form = "an object with a \"prompt\"";

    /// <summary>Reads an order file. Paths in it are relative to its folder.</summary>
    /// <exception cref="InvalidRequestException">The file is missing, or says something that is no request.</exception>
    public static GenerationRequest Load(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return StrictJson.Load(path, Parse);
    }

    /// <summary>Reads a request. It is well formed then, but not validated.</summary>
    /// <param name="folder">What paths in it are relative to.</param>
    /// <exception cref="InvalidRequestException">The text is no JSON, a field is unknown, twice there, or of the wrong kind.</exception>
    public static GenerationRequest Parse(string json, string folder)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(folder);
        return StrictJson.Parse<GenerationRequest>(json, new(new RequestPaths(folder)), Form);
    }

    /// <summary>Reads a request that comes from strangers: it names nothing but what it may.</summary>
    /// <inheritdoc cref="Parse(string, string)" path="/exception"/>
    public static GenerationRequest Parse(string json, RequestFiles files)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(files);
        return StrictJson.Parse<GenerationRequest>(json, new(new RequestPaths(files)), Form);
    }

    /// <summary>The JSON of a request, on one line, without fields that have their usual value.</summary>
    /// <param name="folder">What paths are written relative to; null leaves them as they are.</param>
    public static string Write(GenerationRequest request, string? folder = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        return StrictJson.Write(request, new(new RequestPaths(folder)));
    }
}
