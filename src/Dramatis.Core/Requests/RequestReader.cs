using System.Text.Json;
using Dramatis.Errors;
using Dramatis.Pictures;

namespace Dramatis.Requests;

/// <summary>From JSON's fields to a request.</summary>
/// <param name="folder">What paths are relative to.</param>
internal sealed class RequestReader(string folder)
{
    private static readonly string[] RequestFields =
    [
        "prompt", "negative_prompt", "prompt_weights", "long_prompt", "subjects", "method", "model", "size", "steps", "guidance", "guidance_rescale",
        "guidance_window", "sampler", "schedule", "seed", "count", "image", "denoise", "mask", "controls", "loras", "frame", "vae_tiling", "layout",
    ];

    private static readonly string[] SubjectFields =
        ["phrase", "references", "reference_masks", "place", "strength", "start", "end", "method", "residual", "lora", "embedding"];

    private static readonly string[] ControlFields = ["model", "picture", "scale", "start", "end", "guess", "sees_subjects"];
    private static readonly string[] LoraFields = ["file", "scale"];
    private static readonly string[] FrameFields = ["original", "crop", "target"];

    public GenerationRequest Read(RequestBody body)
    {
        Refuse(body.Others, "", RequestFields);
        var usual = new GenerationRequest { Prompt = body.Prompt ?? throw Missing("prompt", "say what the picture shows") };
        return usual with
        {
            NegativePrompt = body.NegativePrompt ?? usual.NegativePrompt,
            PromptWeights = body.PromptWeights ?? usual.PromptWeights,
            LongPrompt = body.LongPrompt ?? usual.LongPrompt,
            Subjects = List(body.Subjects, "subjects", "an object with \"phrase\" and \"references\"", Read),
            Method = body.Method,
            Model = body.Model is { } model ? RequestPaths.ToModel(model, folder) : null,
            Size = Size(body.Size, "size"),
            Steps = body.Steps,
            Guidance = body.Guidance,
            GuidanceRescale = body.GuidanceRescale,
            GuidanceWindow = body.GuidanceWindow switch
            {
                null => usual.GuidanceWindow,
                [var start, var end] => new(start, end),
                var other => throw new InvalidRequestException("guidance_window", $"has {other.Count} numbers; write [start, end]."),
            },
            Sampler = body.Sampler,
            Schedule = body.Schedule,
            Seed = body.Seed ?? usual.Seed,
            Count = body.Count ?? usual.Count,
            Image = Picture(body.Image, "image"),
            Denoise = body.Denoise,
            Mask = Picture(body.Mask, "mask"),
            Controls = List(body.Controls, "controls", "an object with \"model\" and \"picture\"", Read),
            Loras = List(body.Loras, "loras", "an object with \"file\"", Read),
            Frame = body.Frame is { } frame ? Read(frame) : null,
            VaeTiling = body.VaeTiling,
            Layout = body.Layout is { } layout ? Read(layout) : usual.Layout,
        };
    }

    private Subject Read(SubjectBody body, string field)
    {
        Refuse(body.Others, $"{field}.", SubjectFields);
        var usual = new Subject { Phrase = body.Phrase ?? throw Missing($"{field}.phrase", "give the words of the prompt that mean the subject") };
        var (place, mask) = body.Place is { } value ? Place(value, $"{field}.place") : default;
        return usual with
        {
            References = Pictures(body.References, $"{field}.references"),
            ReferenceMasks = Pictures(body.ReferenceMasks, $"{field}.reference_masks"),
            Place = place,
            PlaceMask = mask,
            Strength = body.Strength ?? usual.Strength,
            Start = body.Start ?? usual.Start,
            End = body.End ?? usual.End,
            Method = body.Method,
            Residual = PathOf(body.Residual),
            Lora = PathOf(body.Lora),
            Embedding = PathOf(body.Embedding),
        };
    }

    private Control Read(ControlBody body, string field)
    {
        Refuse(body.Others, $"{field}.", ControlFields);
        var usual = new Control
        {
            Model = RequestPaths.ToModel(body.Model ?? throw Missing($"{field}.model", "give the folder or file of a ControlNet"), folder),
            Picture = Picture(body.Picture, $"{field}.picture") ?? throw Missing($"{field}.picture", "name the picture to follow"),
        };
        return usual with
        {
            Scale = body.Scale ?? usual.Scale,
            Start = body.Start ?? usual.Start,
            End = body.End ?? usual.End,
            Guess = body.Guess ?? usual.Guess,
            SeesSubjects = body.SeesSubjects ?? usual.SeesSubjects,
        };
    }

    private Lora Read(LoraBody body, string field)
    {
        Refuse(body.Others, $"{field}.", LoraFields);
        return new(PathOf(body.File) ?? throw Missing($"{field}.file", "name a file of weights"), body.Scale ?? 1);
    }

    private static PictureFrame Read(FrameBody body)
    {
        Refuse(body.Others, "frame.", FrameFields);
        var crop = Size(body.Crop, "frame.crop", "[left, top]") ?? default;
        return new(
            Size(body.Original, "frame.original") ?? throw Missing("frame.original", "write [width, height]"), crop.Width, crop.Height, Size(body.Target, "frame.target"));
    }

    private LayoutOptions Read(LayoutBody body)
    {
        Refuse(body.Others, "layout.", LayoutJson.Fields);
        return LayoutJson.ToOptions(body, folder);
    }

    private static List<TTo> List<TFrom, TTo>(List<TFrom?>? items, string field, string form, Func<TFrom, string, TTo> read)
        where TFrom : class =>
        [.. (items ?? []).Select((item, i) => read(item ?? throw new InvalidRequestException($"{field}[{i}]", $"is null; it must be {form}."), $"{field}[{i}]"))];

    private List<Reference> Pictures(List<string?>? texts, string field) =>
        [.. (texts ?? []).Select((text, i) => RequestPaths.ToPicture(text, $"{field}[{i}]", folder))];

    private Reference? Picture(string? text, string field) => text is null ? null : RequestPaths.ToPicture(text, field, folder);

    private string? PathOf(string? file) => file is null ? null : Path.Combine(folder, file);

    private (Box? Box, Reference? Mask) Place(JsonElement place, string field) => place.ValueKind switch
    {
        JsonValueKind.Array when place.EnumerateArray().All(number => number.ValueKind == JsonValueKind.Number) => place.GetArrayLength() == 4
            ? (new Box(place[0].GetDouble(), place[1].GetDouble(), place[2].GetDouble(), place[3].GetDouble()), null)
            : throw new InvalidRequestException(field, $"has {place.GetArrayLength()} numbers; write [left, top, right, bottom]."),
        JsonValueKind.Object when place.EnumerateObject().ToArray() is [{ Name: "mask", Value.ValueKind: JsonValueKind.String } mask] =>
            (null, RequestPaths.ToPicture(mask.Value.GetString(), field, folder)),
        _ => throw new InvalidRequestException(field, "must be four numbers [left, top, right, bottom] or {\"mask\": \"file.png\"}."),
    };

    private static PixelSize? Size(List<int>? numbers, string field, string form = "[width, height]") => numbers switch
    {
        null => null,
        [var first, var second] => new PixelSize(first, second),
        _ => throw new InvalidRequestException(field, $"has {numbers.Count} numbers; write {form}."),
    };

    private static InvalidRequestException Missing(string field, string cure) => new(field, $"is missing; {cure}.");

    private static void Refuse(Dictionary<string, JsonElement>? others, string path, string[] known)
    {
        if (others is { Count: > 0 })
        {
            var field = others.Keys.First();
            throw new InvalidRequestException(
                path + field, $"is unknown; did you mean \"{known.MinBy(name => Spelling.Distance(name, field))}\"? Known are {string.Join(", ", known)}.");
        }
    }
}
