using Dramatis.Pictures;

namespace Dramatis.Training.MsDiffusion;

/// <summary>One line of a data set: a picture, its caption, and the subjects in it.</summary>
public sealed record MsRecord
{
    /// <summary>From 1.</summary>
    public required int Line { get; init; }

    public required string Text { get; init; }

    /// <summary>The picture to learn to paint.</summary>
    public required string Image { get; init; }

    public required IReadOnlyList<MsRecordSubject> Subjects { get; init; }

    public bool Equals(MsRecord? other) => other is not null
        && (Line, Text, Image) == (other.Line, other.Text, other.Image)
        && Subjects.SequenceEqual(other.Subjects);

    public override int GetHashCode() => HashCode.Combine(Line, Text, Image);
}

/// <summary>A subject of a record.</summary>
/// <param name="Place">Where it is in the picture, in pixels.</param>
/// <param name="Reference">Another picture of it.</param>
/// <param name="Crop">Where it is in the reference, in whole pixels.</param>
/// <param name="Mask">A picture of the reference's size, bright where the subject is; or null.</param>
public sealed record MsRecordSubject(string Phrase, PixelRegion Place, string Reference, PixelBox Crop, string? Mask);
