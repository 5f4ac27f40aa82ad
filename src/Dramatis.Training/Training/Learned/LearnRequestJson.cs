using System.Text.Json;
using System.Text.Json.Serialization;
using Dramatis.Errors;
using Dramatis.Requests;
using Dramatis.Training.Subjects;

namespace Dramatis.Training.Learned;

/// <summary>Requests to learn from and to JSON: as strict, and with the same words on mistakes, as <see cref="RequestJson"/>.</summary>
public static class LearnRequestJson
{
    private const string Form = "an object with \"method\" and \"subjects\"";

    /// <summary>Reads an order file. Paths in it are relative to its folder.</summary>
    /// <exception cref="InvalidRequestException">The file is missing, or says something that is no request.</exception>
    public static LearnRequest Load(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return StrictJson.Load(path, Parse);
    }

    /// <summary>Reads a request. It is well formed then, but not validated.</summary>
    /// <param name="folder">What paths in it are relative to.</param>
    /// <exception cref="InvalidRequestException">The text is no JSON, a field is unknown, twice there, missing, or of the wrong kind.</exception>
    public static LearnRequest Parse(string json, string folder)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(folder);
        return Parse(json, new RequestPaths(folder));
    }

    /// <summary>Reads a request that comes from strangers: it names nothing but what it may, which goes for the folder of the run too.</summary>
    /// <inheritdoc cref="Parse(string, string)" path="/exception"/>
    public static LearnRequest Parse(string json, RequestFiles files)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(files);
        return Parse(json, new RequestPaths(files));
    }

    /// <summary>The JSON of a request, on one line, without fields that have their usual value.</summary>
    /// <param name="folder">What paths are written relative to; null leaves them as they are.</param>
    public static string Write(LearnRequest request, string? folder = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        return StrictJson.Write(request, ContractOf(new RequestPaths(folder), request.Settings?.GetType()));
    }

    private static LearnRequest Parse(string json, RequestPaths paths)
    {
        // The method says what its settings are, and may stand behind them.
        var request = StrictJson.Parse<LearnRequest>(json, ContractOf(paths, null), Form);
        return request.Settings is null
            ? request
            : StrictJson.Parse<LearnRequest>(json, ContractOf(paths, LearnedMethods.Find(request.Method).SettingsType), Form);
    }

    private static RequestContract ContractOf(RequestPaths paths, Type? settings) =>
        settings is null ? new(paths, more: new Unread()) : new(paths, (typeof(LearnSettings), settings));

    // Stands for settings of any kind.
    private sealed class Unread : JsonConverter<LearnSettings>
    {
        public override LearnSettings Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
        {
            reader.Skip();
            return new Something();
        }

        public override void Write(Utf8JsonWriter writer, LearnSettings value, JsonSerializerOptions options) => throw new NotSupportedException();

        private sealed record Something : LearnSettings;
    }
}
