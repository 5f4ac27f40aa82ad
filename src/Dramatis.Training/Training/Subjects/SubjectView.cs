using Dramatis.Conditioning;
using Dramatis.Pictures;
using Dramatis.Requests;
using Dramatis.Tensors;

namespace Dramatis.Training.Subjects;

/// <summary>A picture as it is learned from once: cut, turned or placed, of the model's size.</summary>
/// <param name="Mask">Bright where it counts, of the same size; null where all of it does.</param>
/// <param name="Words">What the text says of the view before all else, for example <c>zoomed in</c>.</param>
internal sealed record SubjectView(Picture Picture, Picture? Mask = null, string Words = "")
{
    /// <summary>The box around what counts; all of it where nothing is left of that, or nobody says what does.</summary>
    public Box Place => Mask is { } mask && RegionMask.Of(mask, mask.Size).Bounds() is { } box ? box : Box.Whole;
}

/// <summary>Draws a view of a picture.</summary>
internal delegate SubjectView ViewMaker(SubjectPicture picture, StableRandom random);
