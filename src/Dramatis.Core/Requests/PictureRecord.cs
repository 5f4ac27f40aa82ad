using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dramatis.Errors;
using Dramatis.Pictures;

namespace Dramatis.Requests;

/// <summary>What a painted picture says about itself: its request, and what its pictures and its model were.</summary>
/// <remarks>As texts of the picture's file: <c>dramatis</c> holds JSON that repeats the picture, <c>parameters</c> the usual lines for people and galleries.</remarks>
/// <param name="Request">Complete, one picture.</param>
/// <param name="References">SHA-256 of each of <see cref="GenerationRequest.Pictures"/>.</param>
/// <param name="Model">Fingerprint of the model's weights.</param>
public sealed record PictureRecord(GenerationRequest Request, IReadOnlyList<string> References, string Model)
{
    private const string Chunk = "dramatis";
    private const string LinesChunk = PictureText.Lines;

    /// <summary>SHA-256 of each picture that a request names, and of the other files that it paints from.</summary>
    /// <param name="filesIn">What a layout file names in turn; null for nothing.</param>
    /// <exception cref="UnreadablePictureException">A picture cannot be read.</exception>
    /// <exception cref="InvalidCheckpointException">Another file cannot be read.</exception>
    /// <exception cref="InvalidConfigException">A layout file among them is none.</exception>
    public static IReadOnlyList<string> HashReferences(GenerationRequest request, Func<string, IEnumerable<string>>? filesIn = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        return [.. request.Pictures.Select(item => Convert.ToHexStringLower(SHA256.HashData(item.Picture.ReadBytes()))),
            .. FilesOf(request, filesIn).Select(HashFile)];
    }

    /// <summary>Texts for a picture file.</summary>
    /// <param name="folder">Where the file goes: paths are written relative to it, so that both can move together.</param>
    public IReadOnlyDictionary<string, string> ToText(string? folder)
    {
        using var request = JsonDocument.Parse(RequestJson.Write(Request, folder));
        var body = new PictureRecordBody { Request = request.RootElement, References = References, Model = Model };
        return new Dictionary<string, string>
        {
            [Chunk] = JsonSerializer.Serialize(body, PictureRecordContext.Default.PictureRecordBody),
            [LinesChunk] = Lines(),
        };
    }

    /// <summary>The record of a picture file.</summary>
    /// <exception cref="InvalidRequestException">The picture was not painted by Dramatis, or its record is damaged.</exception>
    public static PictureRecord Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Read(path, PictureText.Read(path), json => RequestJson.Parse(json, Path.GetDirectoryName(Path.GetFullPath(path))!))
            ?? throw new InvalidRequestException(path, "carries no request; only pictures that Dramatis has painted can be repeated.");
    }

    /// <summary>The record of a picture that comes from strangers; null where it has none.</summary>
    /// <param name="name">What an error calls it.</param>
    /// <exception cref="InvalidRequestException">Its record is damaged, or names what it may not.</exception>
    internal static PictureRecord? Find(string name, ReadOnlySpan<byte> file, RequestFiles files) =>
        Read(name, PictureText.Read(file), json => RequestJson.Parse(json, files));

    private static PictureRecord? Read(string name, IReadOnlyDictionary<string, string> texts, Func<string, GenerationRequest> parse)
    {
        if (!texts.TryGetValue(Chunk, out var text))
        {
            return null;
        }

        try
        {
            var body = JsonSerializer.Deserialize(text, PictureRecordContext.Default.PictureRecordBody)!;
            return new(parse(body.Request.GetRawText()), body.References, body.Model);
        }
        catch (JsonException e)
        {
            throw new InvalidRequestException(
                name, $"the request that it carries {JsonProblem.Of(e, "a record of Dramatis")}; the picture was changed by another program. "
                    + "Paint anew from an order.");
        }
    }

    /// <summary>Makes sure that the pictures named are still those that it was painted from.</summary>
    /// <param name="filesIn">As for <see cref="HashReferences"/>.</param>
    /// <exception cref="InvalidRequestException">One has changed.</exception>
    /// <exception cref="UnreadablePictureException">One is missing.</exception>
    public void CheckReferences(Func<string, IEnumerable<string>>? filesIn = null)
    {
        var now = HashReferences(Request, filesIn);
        var changed = Enumerable.Range(0, Math.Max(now.Count, References.Count))
            .FirstOrDefault(i => now.ElementAtOrDefault(i) != References.ElementAtOrDefault(i), -1);
        if (changed >= 0)
        {
            var sources = Request.Pictures.Select(item => item.Picture.Path ?? item.Field).Concat(FilesOf(Request, filesIn));
            throw new InvalidRequestException(
                sources.ElementAtOrDefault(changed) ?? "references",
                "is not the file that was painted from: it has changed since. Put the old one back, or paint anew from an order.");
        }
    }

    // A layout file before what it names: where it has changed, that is what has changed.
    private static IEnumerable<string> FilesOf(GenerationRequest request, Func<string, IEnumerable<string>>? filesIn) => request.Files.SelectMany(
        file => file == request.Layout.File && filesIn is not null ? filesIn(file).Prepend(file) : [file]);

    private static string HashFile(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return Convert.ToHexStringLower(SHA256.HashData(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidCheckpointException(path, FileProblem.Of(path, e), e);
        }
    }

    // The layout that AUTOMATIC1111's web UI made usual.
    private string Lines()
    {
        var negative = Request.NegativePrompt.Length > 0 ? $"\nNegative prompt: {Request.NegativePrompt}" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{PromptText.Parse(Request).Written}{negative}\nSteps: {Request.Steps}, Sampler: {Request.Sampler}, CFG scale: {Request.Guidance}, Seed: "
                + $"{Request.Seed}, Size: {Request.Size}, Model hash: {Model[..Math.Min(10, Model.Length)]}, Version: Dramatis");
    }
}

internal sealed class PictureRecordBody
{
    public required JsonElement Request { get; init; }

    public required IReadOnlyList<string> References { get; init; }

    public required string Model { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(PictureRecordBody))]
internal sealed partial class PictureRecordContext : JsonSerializerContext;
