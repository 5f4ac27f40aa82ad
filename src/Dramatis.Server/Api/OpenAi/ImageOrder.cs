using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dramatis.Errors;
using Dramatis.Pictures;
using Dramatis.Requests;

namespace Dramatis.Server.Api.OpenAi;

/// <summary>A request of OpenAI's Images API: a request of ours, and how its pictures are to come.</summary>
/// <param name="IsUrl">Links instead of pictures in the answer.</param>
/// <param name="Quality">Of JPEG and WebP, 0 to 100.</param>
/// <param name="IsStream">As server-sent events.</param>
/// <param name="Partials">How many previews to send at most.</param>
internal sealed record ImageOrder(GenerationRequest Request, bool IsUrl, PictureFormat Format, int Quality, bool IsStream, int Partials)
{
    private const int MostPictures = 10;
    private const int MostPartials = 3;

    // What other services choose by is nothing here.
    private static readonly string[] Ignored = ["quality", "style", "background", "moderation", "user", "input_fidelity"];

    /// <summary>Reads what generations, edits and variations have in common. What OpenAI does not know is a field of our own request.</summary>
    /// <exception cref="DramatisException">A field is wrong, or unknown.</exception>
    public static ImageOrder Read(JsonObject body)
    {
        string? Text(string name) => Take(body, name) is { } node ? Value<string>(node, name) : null;
        int Whole(string name, int usual, int least, int most)
        {
            var value = Take(body, name) is { } node ? Value<int>(node, name) : usual;
            return value >= least && value <= most ? value : throw Wrong(name, $"{value} is not between {least} and {most}.");
        }

        Array.ForEach(Ignored, name => body.Remove(name));
        var count = Whole("n", 1, 1, MostPictures);
        var size = SizeOf(Text("size"));
        var isUrl = Text("response_format") switch
        {
            null or "b64_json" => false,
            "url" => true,
            var other => throw Wrong("response_format", $"\"{other}\" is unknown; there is url, b64_json."),
        };
        var format = Choices.Find<PictureFormat>(Text("output_format"), "output_format") ?? PictureFormat.Png;
        var quality = Whole("output_compression", 100, 0, 100);
        var isStream = Take(body, "stream") is { } stream && Value<bool>(stream, "stream");
        var partials = Whole("partial_images", 0, 0, MostPartials);
        var request = RequestIntake.Parse(body.ToJsonString()) with { Count = count };
        return new(
            request with
            {
                Size = request.Size ?? size,
                Seed = body.ContainsKey("seed") ? request.Seed : (ulong)Random.Shared.NextInt64(uint.MaxValue),    // nobody has told another
            },
            isUrl, format, quality, isStream, partials);
    }

    private static JsonNode? Take(JsonObject body, string name)
    {
        var node = body[name];
        body.Remove(name);
        return node;
    }

    private static T Value<T>(JsonNode node, string name)
    {
        try
        {
            return node.GetValue<T>();
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or JsonException)
        {
            throw Wrong(name, "has a value of the wrong kind.");
        }
    }

    private static PixelSize? SizeOf(string? text)
    {
        if (text is null or "auto")
        {
            return null;
        }

        return text.Split('x') is [var width, var height] && int.TryParse(width, NumberStyles.None, CultureInfo.InvariantCulture, out var wide)
            && int.TryParse(height, NumberStyles.None, CultureInfo.InvariantCulture, out var high)
            ? new(wide, high)
            : throw Wrong("size", $"\"{text}\" is no size; write WIDTHxHEIGHT or auto.");
    }

    internal static RefusedException Wrong(string field, string problem) => new(StatusCodes.Status422UnprocessableEntity, field, problem);
}
