using System.Globalization;
using Dramatis.Configs;
using Dramatis.Errors;
using Dramatis.Pictures;
using Dramatis.Training.Preparation.Onnx;

namespace Dramatis.Training.Preparation;

/// <summary>What a thing in a picture must be to become a subject of a record.</summary>
/// <remarks>The numbers are those of the MIP-Adapter (Huang et al., 2024), from authors of MS-Diffusion; <see cref="MinLikeness"/> is our own.</remarks>
public sealed record PreparationFilters
{
    private static readonly string[] Fields =
        ["min_score", "min_area", "max_area", "min_aspect", "max_aspect", "max_containment", "min_fill", "min_likeness"];

    /// <summary>How sure the detector must be, of 1.</summary>
    public double MinScore { get; init; } = .3;

    /// <summary>Of the picture.</summary>
    public double MinArea { get; init; } = .08;

    /// <summary>Largest box that is kept, as a fraction of the picture.</summary>
    public double MaxArea { get; init; } = .7;

    /// <summary>Width of the box over its height.</summary>
    public double MinAspect { get; init; } = .3;

    /// <summary>Largest ratio of a box's sides that is kept.</summary>
    public double MaxAspect { get; init; } = 3;

    /// <summary>The share of the smaller of two boxes that the other may cover; 1 keeps all, as MS-Diffusion's authors say of their data.</summary>
    public double MaxContainment { get; init; } = .8;

    /// <summary>The share of its box that the mask covers.</summary>
    public double MinFill { get; init; } = .6;

    /// <summary>Cosine of the features of a subject in two frames.</summary>
    public double MinLikeness { get; init; } = .5;

    /// <summary>Reads a JSON file; fields that it lacks keep their defaults.</summary>
    /// <exception cref="ModelNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidConfigException">It says something else.</exception>
    public static PreparationFilters Load(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var config = ConfigReader.Load(path);
        config.RequireKnown(Fields);
        var usual = new PreparationFilters();
        return new()
        {
            MinScore = config.Number(Fields[0], usual.MinScore),
            MinArea = config.Number(Fields[1], usual.MinArea),
            MaxArea = config.Number(Fields[2], usual.MaxArea),
            MinAspect = config.Number(Fields[3], usual.MinAspect),
            MaxAspect = config.Number(Fields[4], usual.MaxAspect),
            MaxContainment = config.Number(Fields[5], usual.MaxContainment),
            MinFill = config.Number(Fields[6], usual.MinFill),
            MinLikeness = config.Number(Fields[7], usual.MinLikeness),
        };
    }

    /// <summary>Why a detection is none of a subject; null when it may be one.</summary>
    internal string? Refuse(Detection detection, PixelSize size)
    {
        var place = detection.Place;
        var aspect = place.Width * size.Width / (place.Height * size.Height);
        return !(detection.Score >= MinScore) ? Under("score", detection.Score, MinScore)
            : !(place is { Width: > 0, Height: > 0 } && place.Area >= MinArea) ? Under("area", Math.Max(0, place.Area), MinArea)
            : place.Area > MaxArea ? Over("area", place.Area, MaxArea)
            : aspect < MinAspect ? Under("width over height", aspect, MinAspect)
            : aspect > MaxAspect ? Over("width over height", aspect, MaxAspect)
            : null;
    }

    /// <summary>Why a mask is none of a subject; null when it is.</summary>
    internal string? Refuse(SubjectMask mask, PixelBox box) => mask.FillOf(box) is var fill && fill >= MinFill ? null : Under("mask fill", fill, MinFill);

    /// <summary>Why two things are not the same; null when they may be.</summary>
    public string? Refuse(double likeness) => likeness >= MinLikeness ? null : Under("likeness", likeness, MinLikeness);

    private static string Under(string what, double value, double limit) =>
        string.Create(CultureInfo.InvariantCulture, $"{what} {value:0.###} is under {limit}");

    private static string Over(string what, double value, double limit) => string.Create(CultureInfo.InvariantCulture, $"{what} {value:0.###} is over {limit}");
}
