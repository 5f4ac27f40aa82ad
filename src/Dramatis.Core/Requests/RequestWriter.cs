using System.Text.Json;
using System.Text.Json.Nodes;
using Dramatis.Pictures;

namespace Dramatis.Requests;

/// <summary>From a request to JSON's fields; what has its usual value stays null.</summary>
/// <param name="folder">What paths are written relative to; null leaves them as they are.</param>
internal sealed class RequestWriter(string? folder)
{
    public RequestBody Write(GenerationRequest request)
    {
        var usual = new GenerationRequest { Prompt = "" };
        return new()
        {
            Prompt = request.Prompt,
            NegativePrompt = request.NegativePrompt.Length > 0 ? request.NegativePrompt : null,
            PromptWeights = request.PromptWeights ? true : null,
            LongPrompt = request.LongPrompt ? true : null,
            Subjects = List(request.Subjects, Write),
            Method = request.Method,
            Model = request.Model is { } model ? RequestPaths.FromModel(model, folder) : null,
            Size = Numbers(request.Size),
            Steps = request.Steps,
            Guidance = request.Guidance,
            GuidanceRescale = request.GuidanceRescale,
            GuidanceWindow = request.GuidanceWindow is var window && window == usual.GuidanceWindow ? null : [window.Start, window.End],
            Sampler = request.Sampler,
            Schedule = request.Schedule,
            Seed = request.Seed,
            Count = request.Count == usual.Count ? null : request.Count,
            Image = Text(request.Image),
            Denoise = request.Denoise,
            Mask = Text(request.Mask),
            Controls = List(request.Controls, Write),
            Loras = List(request.Loras, lora => new LoraBody { File = RequestPaths.FromFile(lora.File, folder), Scale = Unusual(lora.Scale, 1) }),
            Frame = request.Frame is not { } frame ? null : new()
            {
                Original = Numbers(frame.Original),
                Crop = frame is { Left: 0, Top: 0 } ? null : [frame.Left, frame.Top],
                Target = Numbers(frame.Target),
            },
            VaeTiling = request.VaeTiling,
            Layout = LayoutJson.ToBody(request.Layout, folder),
        };
    }

    private SubjectBody Write(Subject subject)
    {
        var usual = new Subject { Phrase = "" };
        return new()
        {
            Phrase = subject.Phrase,
            References = List(subject.References, Text),
            ReferenceMasks = List(subject.ReferenceMasks, Text),
            Place = Place(subject),
            Strength = Unusual(subject.Strength, usual.Strength),
            Start = Unusual(subject.Start, usual.Start),
            End = Unusual(subject.End, usual.End),
            Method = subject.Method,
            Residual = PathOf(subject.Residual),
            Lora = PathOf(subject.Lora),
            Embedding = PathOf(subject.Embedding),
        };
    }

    private ControlBody Write(Control control)
    {
        var usual = new Control { Model = "", Picture = control.Picture };
        return new()
        {
            Model = RequestPaths.FromModel(control.Model, folder),
            Picture = Text(control.Picture),
            Scale = Unusual(control.Scale, usual.Scale),
            Start = Unusual(control.Start, usual.Start),
            End = Unusual(control.End, usual.End),
            Guess = control.Guess ? true : null,
            SeesSubjects = control.SeesSubjects ? true : null,
        };
    }

    private JsonElement? Place(Subject subject)
    {
        JsonNode? node = subject switch
        {
            { Place: { } box } => new JsonArray(box.Left, box.Top, box.Right, box.Bottom),
            { PlaceMask: { } mask } => new JsonObject { ["mask"] = Text(mask) },
            _ => null,
        };
        return node is null ? null : JsonElement.Parse(node.ToJsonString());
    }

    private static List<TTo?>? List<TFrom, TTo>(IReadOnlyList<TFrom> items, Func<TFrom, TTo?> write)
        where TTo : class => items.Count > 0 ? [.. items.Select(write)] : null;

    private string? Text(Reference? picture) => picture is null ? null : RequestPaths.FromPicture(picture, folder);

    private string? PathOf(string? file) => file is null ? null : RequestPaths.FromFile(file, folder);

    private static List<int>? Numbers(PixelSize? size) => size is { } given ? [given.Width, given.Height] : null;

    private static double? Unusual(double value, double usual) => value == usual ? null : value;
}
