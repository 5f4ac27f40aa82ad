using Dramatis.Pictures;
using Dramatis.Requests;
using Dramatis.Training.Preparation.Onnx;

namespace Dramatis.Training.Preparation;

/// <summary>A thing in a picture that passed the filters.</summary>
/// <param name="Score">How sure the detector is, 0 to 1.</param>
internal sealed record FoundSubject(string Phrase, Box Place, double Score, SubjectMask Mask)
{
    // Boxes of the same thing overlap by so much of what both cover.
    private const double SameThing = .7;

    /// <summary>The whole pixels that the place touches.</summary>
    public PixelBox Pixels => PixelsOf(Place, Mask.Size);

    public static PixelBox PixelsOf(Box place, PixelSize size) => new(
        (int)Math.Floor(place.Left * size.Width),
        (int)Math.Floor(place.Top * size.Height),
        Math.Min(size.Width, (int)Math.Ceiling(place.Right * size.Width)),
        Math.Min(size.Height, (int)Math.Ceiling(place.Bottom * size.Height)));

    /// <summary>Whether a box of the same picture means the same thing.</summary>
    public bool IsAt(Box place) => Place.Common(place) is var both && both > SameThing * (Place.Area + place.Area - both);
}

/// <summary>A subject in the picture, and in the reference.</summary>
/// <param name="Likeness">How surely both are the same thing; at most 1.</param>
internal sealed record SubjectPair(FoundSubject Here, FoundSubject There, double Likeness);
