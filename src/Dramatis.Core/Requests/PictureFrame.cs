using System.Diagnostics.CodeAnalysis;
using Dramatis.Pictures;

namespace Dramatis.Requests;

/// <summary>
/// The picture of the training data that SDXL is asked to be like: its size conditioning, <c>original_size</c>, <c>crops_coords_top_left</c> and
/// <c>target_size</c> (Podell et al., 2023, section 2.2).
/// </summary>
public sealed record PictureFrame
{
    /// <summary>For object initialisers.</summary>
    public PictureFrame()
    {
    }

    /// <summary>Original size, left and top of the crop, and size wanted, all in pixels.</summary>
    [SetsRequiredMembers]
    public PictureFrame(PixelSize original, int left = 0, int top = 0, PixelSize? target = null) =>
        (Original, Crop, Target) = (original, new(left, top), target);

    /// <summary>Its size before it was cut.</summary>
    [Field(Cure = "write [width, height]", Least = RequestRules.SmallestSide, Most = RequestRules.LargestSide)]
    public required PixelSize Original { get; init; }

    /// <summary>Pixels cut off at the left and at the top.</summary>
    [Field(Least = 0, Most = RequestRules.LargestSide)]
    public PixelPoint Crop { get; init; }

    /// <summary>Its size afterwards; null: the size of the picture wanted.</summary>
    [Field(Least = RequestRules.SmallestSide, Most = RequestRules.LargestSide)]
    public PixelSize? Target { get; init; }
}
