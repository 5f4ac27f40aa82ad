using Dramatis.Pictures;

namespace Dramatis.Training.Records;

/// <summary>One line of a data set: a picture, its caption, and the subjects in it.</summary>
internal sealed record TrainingRecord
{
    /// <summary>From 1.</summary>
    public required int Line { get; init; }

    public required string Text { get; init; }

    /// <summary>The picture to learn to paint.</summary>
    public required string Image { get; init; }

    public required IReadOnlyList<RecordSubject> Subjects { get; init; }

    public bool Equals(TrainingRecord? other) => other is not null
        && (Line, Text, Image) == (other.Line, other.Text, other.Image)
        && Subjects.SequenceEqual(other.Subjects);

    public override int GetHashCode() => HashCode.Combine(Line, Text, Image);
}

/// <summary>A subject of a record.</summary>
/// <param name="Place">Where it is in the picture, in pixels.</param>
/// <param name="Reference">Another picture of it.</param>
/// <param name="Crop">Where it is in the reference, in whole pixels.</param>
/// <param name="Mask">A picture of the reference's size, bright where the subject is; or null.</param>
internal sealed record RecordSubject(string Phrase, PixelRegion Place, string Reference, PixelBox Crop, string? Mask)
{
    /// <summary>What its reference shows of it.</summary>
    /// <param name="ground">Where the mask is dark.</param>
    /// <exception cref="Errors.UnreadablePictureException">A picture is no longer what it was when it was checked.</exception>
    public Picture Show(Rgb ground) => Show(size => Picture.Filled(size.Width, size.Height, ground));

    /// <summary>The same on a ground that is no single colour.</summary>
    /// <param name="ground">One of a size.</param>
    public Picture Show(Func<PixelSize, Picture> ground)
    {
        var reference = PictureReader.Read(Reference).WithoutAlpha();
        if (Mask is { } mask)
        {
            Hide(reference, PictureReader.Read(mask), ground(reference.Size));
        }

        return reference.Crop(Crop);
    }

    /// <summary>Whether a mask is bright at a pixel: the reference multiplies by masks of 0 and 1; painted ones have 255.</summary>
    public static bool IsShown(Picture mask, int pixel) => mask.Rgba[4 * pixel] >= 128;

    private static void Hide(Picture picture, Picture mask, Picture ground)
    {
        for (var i = 0; i < picture.Rgba.Length; i += 4)
        {
            if (!IsShown(mask, i / 4))
            {
                (picture.Rgba[i], picture.Rgba[i + 1], picture.Rgba[i + 2]) = (ground.Rgba[i], ground.Rgba[i + 1], ground.Rgba[i + 2]);
            }
        }
    }
}
