using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Dramatis.Errors;
using Dramatis.Requests;
using Microsoft.Extensions.AI;

namespace Dramatis.Extensions.AI;

/// <summary>From the requests of Microsoft.Extensions.AI to ours.</summary>
internal static partial class RequestMapping
{
    private const string Prompt = "prompt";
    private const string Subjects = "subjects";

    /// <param name="files">What texts may name.</param>
    /// <exception cref="InvalidRequestException">An option or a property is none of ours, or is given twice.</exception>
    public static GenerationRequest Map(ImageGenerationRequest request, ImageGenerationOptions? options, RequestFiles files)
    {
        var properties = options?.AdditionalProperties ?? [];
        var mapped = RequestJson.Parse(Fields(request, options, properties).ToJsonString(), files);
        if (properties.GetValueOrDefault(Subjects) is IEnumerable<Subject> subjects)
        {
            mapped = mapped with { Subjects = [.. subjects] };
        }

        if (request.OriginalImages?.ToArray() is { Length: > 0 } images)
        {
            mapped = WithImages(mapped, images);
        }

        return properties.GetValueOrDefault(DramatisImageGenerationOptions.Key) switch
        {
            null => mapped,
            Func<GenerationRequest, GenerationRequest> change => change(mapped),
            _ => throw new InvalidRequestException(
                DramatisImageGenerationOptions.Key, $"belongs to {nameof(DramatisImageGenerationOptions.WithDramatis)}; use that to set it."),
        };
    }

    private static JsonObject Fields(ImageGenerationRequest request, ImageGenerationOptions? options, AdditionalPropertiesDictionary properties)
    {
        var fields = new JsonObject();
        Add(Prompt, request.Prompt);
        Add("model", options?.ModelId);
        Add("count", options?.Count);
        Add("size", options?.ImageSize is { } size ? new JsonArray(size.Width, size.Height) : null);
        foreach (var (name, value) in properties.Where(item => item is not ({ Key: DramatisImageGenerationOptions.Key } or { Value: IEnumerable<Subject> })))
        {
            Add(name, ToJson(name, value));
        }

        return fields;

        void Add(string name, JsonNode? value)
        {
            if (value is not null && !fields.TryAdd(name, value))
            {
                throw new InvalidRequestException(name, "is given twice, as an option and as an additional property; leave one out.");
            }
        }
    }

    private static JsonNode? ToJson(string name, object? value) => value switch
    {
        null => null,
        JsonNode node => node.DeepClone(),
        JsonElement element => JsonNode.Parse(element.GetRawText()),
        string or bool or int or long or uint or ulong or float or double or decimal => JsonSerializer.SerializeToNode(value),
        IEnumerable<KeyValuePair<string, object?>> fields =>
            new JsonObject(fields.Select(item => KeyValuePair.Create(item.Key, ToJson($"{name}.{item.Key}", item.Value)))),
        System.Collections.IEnumerable list => new JsonArray([.. list.Cast<object?>().Select((item, i) => ToJson($"{name}[{i}]", item))]),
        _ => throw new InvalidRequestException(
            name, $"is a {value.GetType().Name}; give text, numbers, lists or JSON, or set it by {nameof(DramatisImageGenerationOptions.WithDramatis)}."),
    };

    private static GenerationRequest WithImages(GenerationRequest request, AIContent[] images)
    {
        Reference[] pictures = [.. images.Select(ToPicture)];
        string[] marked = [.. Marked().Matches(request.Prompt).Select(match => match.Groups["words"].Value)];
        if (request.Subjects.Count == 0 && marked.Length == pictures.Length)
        {
            return request with { Subjects = [.. marked.Zip(pictures, (words, picture) => new Subject { Phrase = words, References = [picture] })] };
        }

        InvalidRequestException.ThrowUnless(
            pictures.Length == 1 && (request.Subjects.Count > 0 || marked.Length == 0) && request.Image is null,
            nameof(ImageGenerationRequest.OriginalImages),
            $"has {pictures.Length} for {marked.Length} marked words; mark one word in braces for each picture of a subject, "
                + "as in \"a {cat} and a {dog}\", or give one picture to begin with and mark none.");
        return request with { Image = pictures[0] };
    }

    private static Reference ToPicture(AIContent image, int i) => image is DataContent data
        ? Reference.FromBytes(data.Data.ToArray())
        : throw new InvalidRequestException(
            $"{nameof(ImageGenerationRequest.OriginalImages)}[{i}]",
            $"is a {image.GetType().Name}, and nothing is fetched from elsewhere; give the bytes as {nameof(DataContent)}.");

    // Words in braces; {{ and }} are braces.
    [GeneratedRegex(@"(?<!\{)(?:\{\{)*\{(?<words>[^{}]+)\}")]
    private static partial Regex Marked();
}
