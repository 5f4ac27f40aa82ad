using Dramatis.Pictures;
using Dramatis.Requests;
using Dramatis.Tokenizers;

namespace Dramatis.Training.MsDiffusion;

/// <summary>A record made ready for the encoders: squares of bytes, places as fractions of the square.</summary>
public sealed record MsSample
{
    /// <summary>Pixels along one side of the picture.</summary>
    public required int Side { get; init; }

    /// <summary>The picture, RGB, row by row.</summary>
    public required byte[] Rgb { get; init; }

    /// <summary>What SDXL is told of it: height and width before, top and left of the cut, height and width after.</summary>
    public required float[] Frame { get; init; }

    public required string Text { get; init; }

    public required IReadOnlyList<MsSampleSubject> Subjects { get; init; }

    /// <summary>As the reference's data sets do it: short edge to the size, middle cut out; references cropped and squeezed.</summary>
    /// <param name="side">Pixels along one side of the picture.</param>
    /// <param name="referenceSide">Pixels along one side of what the vision encoder sees.</param>
    /// <exception cref="Errors.UnreadablePictureException">A picture is no longer what it was when it was checked.</exception>
    public static MsSample Make(MsRecord record, int side, int referenceSide, ClipTokenizer tokenizer)
    {
        var truth = PictureReader.Read(record.Image);
        var (size, frame) = CentreCrop.Plan(truth.Size, side, side);
        var scale = (double)side / Math.Min(truth.Width, truth.Height);
        return new()
        {
            Side = side,
            Rgb = truth.WithoutAlpha().Resize(size, ResizeFilter.Bilinear).Crop(frame).ToRgb(),
            Frame = [truth.Height, truth.Width, frame.Top, frame.Left, side, side],
            Text = record.Text,
            Subjects =
            [
                .. record.Subjects.Select(subject =>
                {
                    var match = PhraseMatch.Find(tokenizer, record.Text, subject.Phrase);
                    return new MsSampleSubject(
                        match.Span.IsEmpty ? subject.Phrase : string.Join(' ', match.Words),
                        match.Span,
                        Place(subject.Place, scale, frame),
                        Squeeze(subject, side, referenceSide));
                }),
            ],
        };
    }

    private static Box Place(PixelRegion place, double scale, PixelBox frame)
    {
        double side = frame.Width;
        return new(Inside(place.Left, frame.Left), Inside(place.Top, frame.Top), Inside(place.Right, frame.Left), Inside(place.Bottom, frame.Top));

        double Inside(double at, int start) => Math.Clamp((at * scale) - start, 0, side) / side;
    }

    private static byte[] Squeeze(MsRecordSubject subject, int side, int referenceSide)
    {
        var reference = PictureReader.Read(subject.Reference).WithoutAlpha();
        if (subject.Mask is { } mask)
        {
            Blacken(reference, PictureReader.Read(mask));
        }

        return reference.Crop(subject.Crop)
            .Resize(new(side, side), ResizeFilter.Bilinear)
            .Resize(new(referenceSide, referenceSide))
            .ToRgb();
    }

    // The reference multiplies by masks of 0 and 1; painted ones have 255.
    private static void Blacken(Picture picture, Picture mask)
    {
        for (var i = 0; i < picture.Rgba.Length; i += 4)
        {
            if (mask.Rgba[i] < 128)
            {
                picture.Rgba.AsSpan(i, 3).Clear();
            }
        }
    }
}

/// <summary>A subject of a sample.</summary>
/// <param name="Phrase">As the caption has it.</param>
/// <param name="Words">The caption's tokens that mean it.</param>
/// <param name="Place">All in one line or point when it was cut off.</param>
/// <param name="Rgb">What the vision encoder sees, row by row.</param>
public sealed record MsSampleSubject(string Phrase, TokenSpan Words, Box Place, byte[] Rgb);
