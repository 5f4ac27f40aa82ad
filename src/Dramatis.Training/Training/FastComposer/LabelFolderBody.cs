using System.Text.Json.Serialization;

namespace Dramatis.Training.FastComposer;

/// <summary>What is said of a picture in the published data set's JSON. Fields that are not given are null; those not named here are not read.</summary>
internal sealed class LabelFolderBody
{
    public string? Caption { get; set; }

    public List<SegmentBody>? Segments { get; set; }
}

/// <summary>A subject in it.</summary>
internal sealed class SegmentBody
{
    /// <summary>Its label in the map.</summary>
    public int? Id { get; set; }

    /// <summary>Where its words end in the caption, in code points.</summary>
    public int? End { get; set; }

    /// <summary>Left, top, right and bottom, in pixels.</summary>
    public List<int>? Bbox { get; set; }

    /// <summary>What it is, for example <c>person</c>.</summary>
    public string? CocoLabel { get; set; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(LabelFolderBody))]
internal sealed partial class LabelFolderContext : JsonSerializerContext;
