using Dramatis.Errors;
using Dramatis.Pictures;
using Dramatis.Schedules;

namespace Dramatis.Requests;

/// <summary>One picture order. Immutable; derive variants with <c>with</c>.</summary>
/// <remarks>What is null is the model's own choice (<see cref="GenerationDefaults"/>).</remarks>
public sealed record GenerationRequest
{
    /// <summary>What the picture shows. Braces may mark the words that mean a subject: "a {fox} on a beach".</summary>
    [Field(Cure = "say what the picture shows", Most = RequestRules.LongestPrompt)]
    public required string Prompt { get; init; }

    /// <summary>What it should not show: the unconditional side of guidance. Empty is the plain unconditional.</summary>
    [Field("What the picture should not show.", Flag = "--negative", Most = RequestRules.LongestPrompt, Usual = "negative prompt")]
    public string NegativePrompt { get; init; } = "";

    /// <summary>Brackets in prompts say how strongly words act: (word:1.2), [word]; see <see cref="WeightedText"/>.</summary>
    [Field("Brackets in prompts are weights: (word:1.2), (word), [word]; \\( is a bracket.")]
    public bool PromptWeights { get; init; }

    /// <summary>Prompts of more than 77 tokens are read whole, in chunks, not cut.</summary>
    [Field("Read prompts of more than 77 tokens whole, in chunks.")]
    public bool LongPrompt { get; init; }

    /// <summary>The cast: 0 to 16 things to keep recognisable. Empty paints from text alone (text-to-image).</summary>
    [Field(SubjectText.Meaning, Flag = "--subject", ShortFlag = "-s", Most = 16, Group = FieldGroup.Subjects)]
    public IReadOnlyList<Subject> Subjects { get; init => field = new ValueList<Subject>(value); } = ValueList<Subject>.Empty;

    /// <summary>What becomes of the ground of photographs that have neither alpha nor a mask.</summary>
    [Field(
        "Photographs with a busy ground and neither alpha nor a mask: auto cuts the subject out, crop crops them to it, none keeps the ground.",
        Group = FieldGroup.Subjects)]
    public CutOutMode CutOut { get; init; }

    /// <summary>Pictures that share what all of the picture shall have, a style, a character or a scene, and that no words mean: 0 to 28, a group for EasyRef.</summary>
    [Field("A picture of a group for EasyRef: what they share, a style, a character or a scene, is for the whole picture.", Flag = "--reference",
        ShortFlag = "-r", Most = 28, Group = FieldGroup.Subjects)]
    public IReadOnlyList<Reference> References { get; init => field = new ValueList<Reference>(value); } = ValueList<Reference>.Empty;

    /// <summary>What the language model of EasyRef is told to do with the references; the prompt follows at once. Null: the words that it was trained with.</summary>
    [Field(
        "What EasyRef's language model is told to do with references; the words it was trained with when not given.",
        Most = RequestRules.LongestPrompt, Group = FieldGroup.Subjects)]
    public string? Instruction { get; init; }

    /// <summary>How subjects are kept, for example <c>ms-diffusion</c>; null takes what the model's folder offers.</summary>
    [Field("How subjects are kept.", Group = FieldGroup.Subjects)]
    public string? Method { get; init; }

    /// <summary>Folder of the model; null is the embedded one.</summary>
    [Field(
        "A name of 'dramatis models', a model folder, or a model in a single file; the embedded model when not given.",
        Path = FieldPath.Model, Group = FieldGroup.Run, Usual = "checkpoint")]
    public string? Model { get; init; }

    /// <summary>Null: that of <see cref="Image"/>, or what the model was trained on. Rounded to what the model can paint.</summary>
    [Field("WIDTHxHEIGHT in pixels, for example 128x128.", Least = RequestRules.SmallestSide, Most = RequestRules.LargestSide)]
    public PixelSize? Size { get; init; }

    /// <summary>How many steps the sampler takes (inference steps), 1 to 1,000.</summary>
    [Field("Sampling steps.", Least = 1, Most = RequestRules.MostSteps, Group = FieldGroup.Sampling, Usual = "inference steps")]
    public int? Steps { get; init; }

    /// <summary>Strength of classifier-free guidance (CFG scale), 0 to 100; 1 is none.</summary>
    [Field("How strongly the text steers; 1 is not at all.", Least = 0, Most = 100, Group = FieldGroup.Sampling, Usual = "CFG scale")]
    public double? Guidance { get; init; }

    /// <summary>How far guidance gets its contrast back to that of the plain prediction; 0 is not at all.</summary>
    [Field(
        "How far guidance gets its contrast back; for models that predict velocity .7 is usual.",
        Least = 0, Most = 1, Group = FieldGroup.Sampling, Usual = "CFG rescale")]
    public double? GuidanceRescale { get; init; }

    /// <summary>The steps that are guided; the others follow the prompt alone.</summary>
    [Field("START END: the guided steps, as fractions.", Group = FieldGroup.Sampling, Usual = "guidance start and end")]
    public StepWindow GuidanceWindow { get; init; } = StepWindow.All;

    /// <summary>One of <see cref="SamplerKinds.All"/>.</summary>
    [Field("How noise becomes a picture.", Group = FieldGroup.Sampling, Usual = "scheduler")]
    public string? Sampler { get; init; }

    /// <summary>What the network was trained to say: one of <see cref="PredictionNames.All"/>, for models whose files say nothing or a wrong thing.</summary>
    [Field("What the network predicts, for models whose files do not say it rightly.", Group = FieldGroup.Sampling)]
    public string? Prediction { get; init; }

    /// <summary>Which noise levels are visited (the noise schedule, for example Karras): one of <see cref="ScheduleNames.All"/>.</summary>
    [Field("Which noise levels are visited.", Group = FieldGroup.Sampling, Usual = "sigmas, timestep spacing")]
    public string? Schedule { get; init; }

    /// <summary>The same seed paints the same picture; null draws one, which the picture carries.</summary>
    [Field("The same seed paints the same picture; drawn and told when not given.", Cure = "leave it out for one that is drawn")]
    public ulong? Seed { get; init; }

    /// <summary>How many pictures (batch count), 1 to 64, with seeds counting up.</summary>
    [Field("How many pictures; their files are numbered.", Least = 1, Most = 64, Usual = "batch count")]
    public int Count { get; init; } = 1;

    /// <summary>A picture to begin with (image-to-image, img2img).</summary>
    [Field("A picture to begin with.", Group = FieldGroup.Sources, Usual = "img2img")]
    public Reference? Image { get; init; }

    /// <summary>How much of <see cref="Image"/> is noise at first (denoising strength), from just above 0 to 1; so many of the steps are taken.</summary>
    [Field("How much of --image is noise at first: above 0 to 1.", Group = FieldGroup.Sources, Usual = "img2img strength")]
    public double? Denoise { get; init; }

    /// <summary>A picture of the size of <see cref="Image"/>, which is painted anew where it is white and kept where it is black (inpainting).</summary>
    [Field("Where --image is painted anew: white there, black where it is kept.", Group = FieldGroup.Sources, Usual = "inpainting")]
    public Reference? Mask { get; init; }

    /// <summary>Pixels from the edge of <see cref="Mask"/> inwards over which the old picture goes over into the new, 0 to 64; 0 is a hard edge.</summary>
    [Field(
        "Pixels from the edge of --mask inwards over which old goes over into new; 0 is a hard edge.",
        Least = 0, Most = 64, Group = FieldGroup.Sources, Usual = "mask blur")]
    public int MaskFeather { get; init; } = RequestRules.UsualFeather;

    /// <summary>ControlNets to follow, 0 to 8 at once; what they add is summed.</summary>
    [Field(ControlText.Meaning, Flag = "--control", Most = 8, Group = FieldGroup.Sources)]
    public IReadOnlyList<Control> Controls { get; init => field = new ValueList<Control>(value); } = ValueList<Control>.Empty;

    /// <summary>LoRAs, learned words and other changes of the model that act on the whole picture, 0 to 16.</summary>
    [Field(ControlText.LoraMeaning, Flag = "--lora", Most = 16, Group = FieldGroup.Sources)]
    public IReadOnlyList<Lora> Loras { get; init => field = new ValueList<Lora>(value); } = ValueList<Lora>.Empty;

    /// <summary>For SDXL; null: a whole picture of the size wanted.</summary>
    public PictureFrame? Frame { get; init; }

    /// <summary>How prompts are read.</summary>
    internal PromptReading Reading => new(PromptWeights, LongPrompt);

    /// <summary>Decode in overlapping tiles, which takes less memory and shifts colours a little; null for large pictures only.</summary>
    [Field("Decode in overlapping tiles, which takes less memory; true or false, by itself for pictures above 1024x1024.", Group = FieldGroup.Run)]
    public bool? VaeTiling { get; init; }

    /// <summary>How subjects find their cells.</summary>
    public LayoutOptions Layout { get; init; } = LayoutOptions.Usual;

    /// <summary>Every picture that the request names, with its field.</summary>
    public IEnumerable<(string Field, Reference Picture)> Pictures =>
    [
        .. References.Select((picture, k) => ($"references[{k}]", picture)),
        .. Subjects.SelectMany((subject, i) => subject.References.Select((picture, k) => ($"subjects[{i}].references[{k}]", picture))),
        .. Subjects.SelectMany((subject, i) => subject.ReferenceMasks.Select((picture, k) => ($"subjects[{i}].reference_masks[{k}]", picture))),
        .. Subjects.Index().Where(item => item.Item.PlaceMask is not null).Select(item => ($"subjects[{item.Index}].place", item.Item.PlaceMask!)),
        .. Image is null ? (IEnumerable<(string, Reference)>)[] : [("image", Image)],
        .. Mask is null ? (IEnumerable<(string, Reference)>)[] : [("mask", Mask)],
        .. Controls.Select((control, i) => ($"controls[{i}].picture", control.Picture)),
    ];

    /// <summary>Every other file that it names.</summary>
    public IEnumerable<string> Files => new[] { Layout.File }
        .Concat(Subjects.SelectMany(subject => subject.Learned.Select(learned => learned.Path)))
        .Concat(Loras.Select(lora => lora.File))
        .OfType<string>();

    /// <summary>Checks all that can be checked without the model and the pictures.</summary>
    /// <exception cref="InvalidRequestException">The first problem: field, value and cure.</exception>
    public void Validate() => RequestRules.Check(this);
}
