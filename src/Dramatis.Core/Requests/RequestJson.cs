using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using Dramatis.Errors;

namespace Dramatis.Requests;

/// <summary>Requests from and to JSON: the same on the command line, in files, over HTTP and in painted pictures.</summary>
public static partial class RequestJson
{
    private const string InlineStart = "data:";
    private const string InlineMark = ";base64,";
    private const int LongestJson = 256 << 20;    // references may lie inside

    private static readonly string[] RequestFields =
    [
        "prompt", "negative_prompt", "prompt_weights", "long_prompt", "subjects", "method", "model", "size", "steps", "guidance", "sampler", "seed",
        "count", "vae_tiling", "layout",
    ];

    private static readonly string[] SubjectFields = ["phrase", "references", "place", "strength", "start", "end", "method"];

    // Part of the format, but nothing does them yet: better refused than painted without.
    private static readonly string[] LaterFields =
    [
        "controls", "loras", "image", "denoise", "mask", "guidance_rescale", "guidance_window", "schedule",
        "reference_masks", "residual", "lora", "embedding",
    ];

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
            using var file = File.OpenRead(path);
            if (file.Length > LongestJson)
            {
                throw new InvalidRequestException(path, $"{file.Length:N0} bytes are too many for an order file.");
            }

            using var reader = new StreamReader(file);
            return Parse(reader.ReadToEnd(), Path.GetDirectoryName(Path.GetFullPath(path))!);
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
            return ToRequest(body, folder);
        }
        catch (JsonException e)
        {
            throw new InvalidRequestException(FieldOf(e.Path), Explain(e));
        }
    }

    /// <summary>The JSON of a request, on one line, without fields that have their usual value.</summary>
    /// <param name="folder">What paths are written relative to; null leaves them as they are.</param>
    public static string Write(GenerationRequest request, string? folder = null)
    {
        var usual = new GenerationRequest { Prompt = "" };
        return JsonSerializer.Serialize(
            new RequestBody
            {
                Prompt = request.Prompt,
                NegativePrompt = request.NegativePrompt.Length > 0 ? request.NegativePrompt : null,
                PromptWeights = request.PromptWeights ? true : null,
                LongPrompt = request.LongPrompt ? true : null,
                Subjects = request.Subjects.Count > 0 ? [.. request.Subjects.Select(subject => ToBody(subject, folder))] : null,
                Method = request.Method,
                Model = request.Model is { } model && IsPath(model) && folder is not null ? Relative(folder, model) : request.Model,
                Size = request.Size is { } size ? [size.Width, size.Height] : null,
                Steps = request.Steps,
                Guidance = request.Guidance,
                Sampler = request.Sampler,
                Seed = request.Seed,
                Count = request.Count == usual.Count ? null : request.Count,
                VaeTiling = request.VaeTiling,
                Layout = LayoutJson.ToBody(request.Layout),
            },
            Context.RequestBody);
    }

    private static GenerationRequest ToRequest(RequestBody body, string folder)
    {
        Refuse(body.Others, "", RequestFields);
        return new()
        {
            Prompt = body.Prompt ?? throw new InvalidRequestException("prompt", "is missing; say what the picture shows."),
            NegativePrompt = body.NegativePrompt ?? "",
            PromptWeights = body.PromptWeights ?? false,
            LongPrompt = body.LongPrompt ?? false,
            Subjects = [.. (body.Subjects ?? []).Select((subject, i) => ToSubject(subject, $"subjects[{i}]", folder))],
            Method = body.Method,
            Model = body.Model is { } model && IsPath(model) ? Path.Combine(folder, model) : body.Model,
            Size = ToSize(body.Size),
            Steps = body.Steps,
            Guidance = body.Guidance,
            Sampler = body.Sampler,
            Seed = body.Seed ?? 0,
            Count = body.Count ?? 1,
            VaeTiling = body.VaeTiling,
            Layout = body.Layout is { } layout ? ToLayout(layout) : LayoutOptions.Usual,
        };
    }

    private static Subject ToSubject(SubjectBody? body, string field, string folder)
    {
        if (body is null)
        {
            throw new InvalidRequestException(field, "is null; it must be an object with \"phrase\" and \"references\".");
        }

        Refuse(body.Others, field + ".", SubjectFields);
        return new()
        {
            Phrase = body.Phrase ?? throw new InvalidRequestException($"{field}.phrase", "is missing; give the words of the prompt that mean the subject."),
            References = [.. (body.References ?? []).Select((text, i) => ToReference(text, $"{field}.references[{i}]", folder))],
            Place = body.Place switch
            {
                null => null,
                [var left, var top, var right, var bottom] => new Box(left, top, right, bottom),
                var other => throw new InvalidRequestException($"{field}.place", $"has {other.Count} numbers; write [left, top, right, bottom]."),
            },
            Strength = body.Strength ?? 1,
            Start = body.Start ?? 0,
            End = body.End ?? 1,
            Method = body.Method,
        };
    }

    private static LayoutOptions ToLayout(LayoutBody body)
    {
        Refuse(body.Others, "layout.", LayoutJson.Fields);
        return LayoutJson.ToOptions(body);
    }

    private static PixelSize? ToSize(List<int>? size) => size switch
    {
        null => null,
        [var width, var height] => new PixelSize(width, height),
        _ => throw new InvalidRequestException("size", $"has {size.Count} numbers; write [width, height]."),
    };

    private static Reference ToReference(string? text, string field, string folder)
    {
        if (string.IsNullOrEmpty(text))
        {
            throw new InvalidRequestException(field, "is empty; name a picture file.");
        }

        if (!text.StartsWith(InlineStart, StringComparison.Ordinal))
        {
            return Reference.FromFile(Path.Combine(folder, text));
        }

        var mark = text.IndexOf(InlineMark, StringComparison.Ordinal);
        try
        {
            return mark < 0
                ? throw new FormatException()
                : Reference.FromBytes(Convert.FromBase64String(text[(mark + InlineMark.Length)..]));
        }
        catch (FormatException)
        {
            throw new InvalidRequestException(field, "is no data URI; write data:image/png;base64, and the bytes in base 64.");
        }
    }

    private static SubjectBody ToBody(Subject subject, string? folder) => new()
    {
        Phrase = subject.Phrase,
        References = [.. subject.References.Select(reference => ToText(reference, folder))],
        Place = subject.Place is { } place ? [place.Left, place.Top, place.Right, place.Bottom] : null,
        Strength = subject.Strength == 1 ? null : subject.Strength,
        Start = subject.Start == 0 ? null : subject.Start,
        End = subject.End == 1 ? null : subject.End,
        Method = subject.Method,
    };

    private static string ToText(Reference reference, string? folder) =>
        reference.Bytes is { } bytes ? $"data:application/octet-stream{InlineMark}{Convert.ToBase64String(bytes)}"
        : folder is null ? reference.Path!
        : Relative(folder, reference.Path!);

    private static string Relative(string folder, string path) => Path.GetRelativePath(folder, path).Replace('\\', '/');

    // A model without a slash is a name of the catalogue.
    private static bool IsPath(string model) => model.Contains('/', StringComparison.Ordinal) || model.Contains('\\', StringComparison.Ordinal);

    private static void Refuse(Dictionary<string, JsonElement>? others, string path, string[] known)
    {
        if (others is not { Count: > 0 })
        {
            return;
        }

        var field = others.Keys.First();
        throw new InvalidRequestException(path + field, LaterFields.Contains(field)
            ? "is not supported yet; leave it out."
            : $"is unknown; did you mean \"{known.MinBy(name => Distance(name, field))}\"? Known are {string.Join(", ", known)}.");
    }

    // Levenshtein: the least number of letters to insert, delete or exchange.
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var k = 1; k <= b.Length; k++)
            {
                var exchanged = diagonal + (a[i - 1] == b[k - 1] ? 0 : 1);
                diagonal = row[k];
                row[k] = Math.Min(exchanged, 1 + Math.Min(row[k], row[k - 1]));
            }
        }

        return row[b.Length];
    }

    private static string FieldOf(string? path) => path is null or "$" ? "request" : path.Replace("$.", "", StringComparison.Ordinal);

    private static string Explain(JsonException e) => (e.Path, e.InnerException) switch
    {
        (not null and not "$", _) when PlaceField().IsMatch(e.Path) => "must be a list of four numbers [left, top, right, bottom]; masks are not supported yet.",
        (not null and not "$", _) when e.Message.StartsWith("The JSON value", StringComparison.Ordinal) => "has a value of the wrong kind" + At(e),
        _ => "is not valid JSON" + At(e) + " " + FirstSentence().Match(e.Message).Value,
    };

    private static string At(JsonException e) => $" (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}).";

    [GeneratedRegex(@"\.place(\[\d+\])?$")]
    private static partial Regex PlaceField();

    [GeneratedRegex(@"^[^.]*\.")]
    private static partial Regex FirstSentence();
}
