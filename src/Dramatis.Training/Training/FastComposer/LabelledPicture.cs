using Dramatis.Pictures;
using Dramatis.Training.Records;

namespace Dramatis.Training.FastComposer;

/// <summary>A picture to learn from, and who is where in it.</summary>
internal sealed record LabelledPicture(Picture Picture, LabelMap Labels, string Caption, IReadOnlyList<PictureSegment> Segments)
{
    /// <summary>What the network is shown of a subject: only its own pixels, the others are those of the ground.</summary>
    /// <param name="ground">One of a size.</param>
    /// <exception cref="Errors.UnreadablePictureException">A picture is no longer what it was when it was checked.</exception>
    public Picture Show(PictureSegment segment, Func<PixelSize, Picture> ground)
    {
        if (segment.Reference is { } reference)
        {
            return reference.Show(ground);
        }

        var shown = ground(Picture.Size);
        for (var i = 0; i < Labels.Labels.Length; i++)
        {
            if (Labels.Labels[i] == segment.Label)
            {
                Picture.Rgba.AsSpan(4 * i, 4).CopyTo(shown.Rgba.AsSpan(4 * i));
            }
        }

        return shown.Crop(segment.Place);
    }
}

/// <summary>A subject in a picture.</summary>
/// <param name="Label">Of its pixels.</param>
/// <param name="End">Where its words end in the caption, in characters.</param>
/// <param name="Place">A box around it.</param>
/// <param name="Reference">What shows it instead of the picture itself, or null.</param>
internal sealed record PictureSegment(int Label, int End, PixelBox Place, RecordSubject? Reference = null);
