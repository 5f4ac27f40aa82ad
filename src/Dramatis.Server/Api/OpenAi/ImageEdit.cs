using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Dramatis.Pictures;
using Dramatis.Requests;

namespace Dramatis.Server.Api.OpenAi;

/// <summary>What an edit is here: image-to-image or inpainting for one picture, references of the cast for several.</summary>
internal static partial class ImageEdit
{
    private const int MostImages = 16;

    /// <summary>The order without its pictures, and these; from a form or from JSON.</summary>
    /// <param name="Images">1 to 16.</param>
    internal sealed record Body(JsonObject Order, IReadOnlyList<Reference> Images, Reference? Mask);

    public static async Task<Body> ReadAsync(HttpRequest request, CancellationToken stop) =>
        Checked(RequestBody.IsMultipart(request) ? await ReadFormAsync(request, stop) : ReadJson((await RequestBody.ReadAsync(request, stop)).Json));

    /// <summary>
    /// One picture is begun from, and painted anew where a mask is transparent. Several are the cast, in the order of the words that the prompt marks,
    /// or all of one subject that is the whole prompt.
    /// </summary>
    public static GenerationRequest Apply(GenerationRequest request, Body body)
    {
        var (first, others) = (body.Images[0], body.Images);
        if (others.Count == 1 || body.Mask is not null)
        {
            request = request with { Image = first, Mask = body.Mask is null ? null : ToMask(body.Mask, first) };
            others = [.. others.Skip(1)];
        }

        if (others.Count == 0)
        {
            return request;
        }

        var words = Marked().Matches(request.Prompt).Select(match => match.Groups[1].Value).ToList();
        return words.Count == 0
            ? request with { Subjects = [.. request.Subjects, new() { Phrase = request.Prompt, References = others }] }
            : words.Count == others.Count
            ? request with { Subjects = [.. request.Subjects, .. words.Zip(others, (word, picture) => new Subject { Phrase = word, References = [picture] })] }
            : throw ImageOrder.Wrong("image", $"are {others.Count} references for {words.Count} marked words of the prompt; mark a word for each, or none.");
    }

    private static Body Checked(Body body) => body.Images.Count is > 0 and <= MostImages
        ? body
        : throw ImageOrder.Wrong("image", $"{body.Images.Count} pictures are not between 1 and {MostImages}.");

    private static async Task<Body> ReadFormAsync(HttpRequest request, CancellationToken stop)
    {
        var form = await request.ReadFormAsync(stop);
        var order = new JsonObject();
        foreach (var (name, value) in form)
        {
            order[name] = Typed(name, value.ToString());
        }

        var images = new List<Reference>();
        foreach (var file in form.Files.Where(file => file.Name is "image" or "image[]"))
        {
            images.Add(Reference.FromBytes(await file.ReadAsync(stop)));
        }

        return new(order, images, form.Files["mask"] is { } mask ? Reference.FromBytes(await mask.ReadAsync(stop)) : null);
    }

    private static Body ReadJson(string json)
    {
        var order = OpenAiApi.ParseBody(json);
        var images = order["images"] as JsonArray ?? [];
        var mask = order["mask"];
        order.Remove("images");
        order.Remove("mask");
        return new(order, [.. images.Select((image, i) => Named(image, $"images[{i}]"))], mask is null ? null : Named(mask, "mask"));
    }

    // Nothing is ever fetched: a data URL, or the id of an upload.
    private static Reference Named(JsonNode? image, string field)
    {
        if (image is JsonObject named && named["file_id"] is JsonValue id && id.TryGetValue<string>(out var blob))
        {
            return Reference.FromFile(blob);
        }

        if (image is JsonObject inline && inline["image_url"] is JsonValue link && link.TryGetValue<string>(out var url)
            && url.StartsWith("data:", StringComparison.Ordinal) && url.IndexOf(";base64,", StringComparison.Ordinal) is > 0 and var mark)
        {
            try
            {
                return Reference.FromBytes(Convert.FromBase64String(url[(mark + ";base64,".Length)..]));
            }
            catch (FormatException)
            {
                // told below
            }
        }

        throw ImageOrder.Wrong(field, "is neither {\"file_id\": ID} of an upload nor {\"image_url\": \"data:image/png;base64,...\"}; nothing is fetched.");
    }

    // Forms have no numbers.
    private static JsonNode? Typed(string name, string text)
    {
        if (name is "prompt" or "negative_prompt" or "model" or "method" or "sampler" or "schedule" or "size" or "user")
        {
            return text;
        }

        try
        {
            return JsonNode.Parse(text);
        }
        catch (System.Text.Json.JsonException)
        {
            return text;
        }
    }

    // Transparent there is white here.
    private static Reference ToMask(Reference mask, Reference image)
    {
        if (mask.Bytes is null || image.Bytes is null)
        {
            return mask;    // an upload is a mask as our own requests have them
        }

        var picture = PictureReader.Read(mask.Bytes, "mask");
        var size = PictureReader.Read(image.Bytes, "image").Size;
        if (picture.Size != size)
        {
            throw ImageOrder.Wrong("mask", $"is {picture.Size}, but the image {size}; they must be of one size.");
        }

        var white = new byte[picture.Rgba.Length / 4 * 3];
        for (var i = 0; i < white.Length; i++)
        {
            white[i] = (byte)(255 - picture.Rgba[(i / 3 * 4) + 3]);
        }

        return Reference.FromBytes(PictureWriter.EncodePng(Picture.FromRgb(white, size)));
    }

    [GeneratedRegex(@"\{([^{}]+)\}")]
    private static partial Regex Marked();
}
