using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dramatis.Requests;

/// <summary>A request as its JSON has it. Fields that are not given are null.</summary>
internal sealed class RequestBody
{
    public string? Prompt { get; set; }

    public string? NegativePrompt { get; set; }

    public bool? PromptWeights { get; set; }

    public bool? LongPrompt { get; set; }

    public List<SubjectBody?>? Subjects { get; set; }

    public string? Method { get; set; }

    public string? Model { get; set; }

    public List<int>? Size { get; set; }

    public int? Steps { get; set; }

    public double? Guidance { get; set; }

    public double? GuidanceRescale { get; set; }

    public List<double>? GuidanceWindow { get; set; }

    public string? Sampler { get; set; }

    public string? Schedule { get; set; }

    public ulong? Seed { get; set; }

    public int? Count { get; set; }

    public string? Image { get; set; }

    public double? Denoise { get; set; }

    public string? Mask { get; set; }

    public List<ControlBody?>? Controls { get; set; }

    public List<LoraBody?>? Loras { get; set; }

    public FrameBody? Frame { get; set; }

    public bool? VaeTiling { get; set; }

    public LayoutBody? Layout { get; set; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; set; }
}

/// <summary>A subject as its JSON has it.</summary>
internal sealed class SubjectBody
{
    public string? Phrase { get; set; }

    public List<string?>? References { get; set; }

    public List<string?>? ReferenceMasks { get; set; }

    /// <summary>A list of four numbers, or an object with a mask.</summary>
    public JsonElement? Place { get; set; }

    public double? Strength { get; set; }

    public double? Start { get; set; }

    public double? End { get; set; }

    public string? Method { get; set; }

    public string? Residual { get; set; }

    public string? Lora { get; set; }

    public string? Embedding { get; set; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; set; }
}

/// <summary>A ControlNet as its JSON has it.</summary>
internal sealed class ControlBody
{
    public string? Model { get; set; }

    public string? Picture { get; set; }

    public double? Scale { get; set; }

    public double? Start { get; set; }

    public double? End { get; set; }

    public bool? Guess { get; set; }

    public bool? SeesSubjects { get; set; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; set; }
}

/// <summary>A file of low-rank weights as its JSON has it.</summary>
internal sealed class LoraBody
{
    public string? File { get; set; }

    public double? Scale { get; set; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; set; }
}

/// <summary>A frame as its JSON has it.</summary>
internal sealed class FrameBody
{
    public List<int>? Original { get; set; }

    public List<int>? Crop { get; set; }

    public List<int>? Target { get; set; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; set; }
}

/// <summary>Layout options as their JSON has them.</summary>
internal sealed class LayoutBody
{
    public string? Mode { get; set; }

    public double? Threshold { get; set; }

    public int? StartStep { get; set; }

    public bool? Grounding { get; set; }

    public string? File { get; set; }

    public double? Binding { get; set; }

    public bool? Compat { get; set; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; set; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false,
    WriteIndented = false)]
[JsonSerializable(typeof(RequestBody))]
internal sealed partial class RequestContext : JsonSerializerContext;
