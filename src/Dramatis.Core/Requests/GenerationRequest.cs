using System.Text.Json.Serialization;
using Dramatis.Errors;
using Dramatis.Pictures;
using Dramatis.Schedules;

namespace Dramatis.Requests;

/// <summary>One picture order. Immutable; derive variants with <c>with</c>.</summary>
/// <remarks>What is null is the model's own choice (<see cref="GenerationDefaults"/>).</remarks>
public sealed record GenerationRequest
{
    /// <summary>What the picture shows. Braces may mark the words that mean a subject: "a {fox} on a beach".</summary>
    [Field(Cure = "say what the picture shows")]
    public required string Prompt { get; init; }

    /// <summary>What it should not show.</summary>
    public string NegativePrompt { get; init; } = "";

    /// <summary>Brackets in prompts say how strongly words act: (word:1.2), [word]; see <see cref="WeightedText"/>.</summary>
    public bool PromptWeights { get; init; }

    /// <summary>Prompts of more than 77 tokens are read whole, in chunks, not cut.</summary>
    public bool LongPrompt { get; init; }

    public IReadOnlyList<Subject> Subjects { get; init => field = new ValueList<Subject>(value); } = ValueList<Subject>.Empty;

    /// <summary>How subjects are kept, for example <c>ms-diffusion</c>; null takes what the model's folder offers.</summary>
    public string? Method { get; init; }

    /// <summary>Folder of the model; null is the embedded one.</summary>
    [Field(Path = FieldPath.Model)]
    public string? Model { get; init; }

    /// <summary>Null: that of <see cref="Image"/>, or what the model was trained on. Rounded to what the model can paint.</summary>
    public PixelSize? Size { get; init; }

    /// <summary>From 1 to 1000.</summary>
    public int? Steps { get; init; }

    /// <summary>Strength of classifier-free guidance; 1 is none.</summary>
    public double? Guidance { get; init; }

    /// <summary>How far guidance gets its contrast back to that of the plain prediction: from 0, not at all, to 1.</summary>
    public double? GuidanceRescale { get; init; }

    /// <summary>The steps that are guided; the others follow the prompt alone.</summary>
    public StepWindow GuidanceWindow { get; init; } = StepWindow.All;

    /// <summary>One of <see cref="SamplerKinds.All"/>.</summary>
    public string? Sampler { get; init; }

    /// <summary>Which noise levels are visited: one of <see cref="ScheduleNames.All"/>.</summary>
    public string? Schedule { get; init; }

    /// <summary>The same seed paints the same picture.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]    // always written
    public ulong Seed { get; init; }

    /// <summary>How many pictures, with seeds counting up.</summary>
    public int Count { get; init; } = 1;

    /// <summary>A picture to begin with.</summary>
    public Reference? Image { get; init; }

    /// <summary>How much of <see cref="Image"/> is noise at first, from just above 0 to 1; so many of the steps are taken.</summary>
    public double? Denoise { get; init; }

    /// <summary>A picture of the size of <see cref="Image"/>, which is painted anew where it is white and kept where it is black.</summary>
    public Reference? Mask { get; init; }

    public IReadOnlyList<Control> Controls { get; init => field = new ValueList<Control>(value); } = ValueList<Control>.Empty;

    public IReadOnlyList<Lora> Loras { get; init => field = new ValueList<Lora>(value); } = ValueList<Lora>.Empty;

    /// <summary>For SDXL; null: a whole picture of the size wanted.</summary>
    public PictureFrame? Frame { get; init; }

    /// <summary>How prompts are read.</summary>
    [JsonIgnore]
    internal PromptReading Reading => new(PromptWeights, LongPrompt);

    /// <summary>Decode in overlapping tiles, which takes less memory and shifts colours a little; null for large pictures only.</summary>
    public bool? VaeTiling { get; init; }

    /// <summary>How subjects find their cells.</summary>
    public LayoutOptions Layout { get; init; } = LayoutOptions.Usual;

    /// <summary>Every picture that the request names, with its field.</summary>
    [JsonIgnore]
    public IEnumerable<(string Field, Reference Picture)> Pictures =>
    [
        .. Subjects.SelectMany((subject, i) => subject.References.Select((picture, k) => ($"subjects[{i}].references[{k}]", picture))),
        .. Subjects.SelectMany((subject, i) => subject.ReferenceMasks.Select((picture, k) => ($"subjects[{i}].reference_masks[{k}]", picture))),
        .. Subjects.Index().Where(item => item.Item.PlaceMask is not null).Select(item => ($"subjects[{item.Index}].place", item.Item.PlaceMask!)),
        .. Image is null ? (IEnumerable<(string, Reference)>)[] : [("image", Image)],
        .. Mask is null ? (IEnumerable<(string, Reference)>)[] : [("mask", Mask)],
        .. Controls.Select((control, i) => ($"controls[{i}].picture", control.Picture)),
    ];

    /// <summary>Every other file that it names.</summary>
    [JsonIgnore]
    public IEnumerable<string> Files => new[] { Layout.File }
        .Concat(Subjects.SelectMany(subject => new[] { subject.Residual, subject.Lora, subject.Embedding }))
        .Concat(Loras.Select(lora => lora.File))
        .OfType<string>();

    /// <summary>Checks all that can be checked without the model and the pictures.</summary>
    /// <exception cref="InvalidRequestException">The first problem: field, value and cure.</exception>
    public void Validate() => RequestRules.Check(this);
}
