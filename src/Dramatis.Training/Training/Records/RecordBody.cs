using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dramatis.Training.Records;

/// <summary>A record as its JSON has it: the fields of the reference's data sets. Fields that are not given are null.</summary>
internal sealed class RecordBody
{
    public const string Fractions = "fractions";
    public const string Pixels = "pixels";

    public string? Text { get; set; }

    public string? ImageFile { get; set; }

    /// <summary>Null: the picture itself is the reference of all.</summary>
    public List<string>? ReferenceImageFiles { get; set; }

    public List<List<double>>? ImageBoxes { get; set; }

    /// <summary>Null: the boxes of the picture.</summary>
    public List<List<double>>? ReferenceImageBoxes { get; set; }

    public List<string?>? ReferenceImageMasks { get; set; }

    public List<string>? ImagePhrases { get; set; }

    /// <summary>Of all boxes; pixels when null.</summary>
    public string? BoxUnits { get; set; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; set; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, AllowDuplicateProperties = false,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RecordBody))]
internal sealed partial class RecordContext : JsonSerializerContext;
