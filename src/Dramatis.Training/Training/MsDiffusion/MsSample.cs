using Dramatis.Pictures;
using Dramatis.Requests;
using Dramatis.Tokenizers;
using Dramatis.Training.Records;

namespace Dramatis.Training.MsDiffusion;

/// <summary>A record made ready for the encoders: squares of bytes, places as fractions of the square.</summary>
internal sealed record MsSample(SquarePicture Picture, string Text, IReadOnlyList<MsSampleSubject> Subjects)
{
    private static readonly Rgb Black = new(0, 0, 0);

    /// <summary>As the reference's data sets do it: references cropped and squeezed.</summary>
    /// <param name="side">Pixels along one side of the picture.</param>
    /// <param name="referenceSide">Pixels along one side of what the vision encoder sees.</param>
    /// <exception cref="Errors.UnreadablePictureException">A picture is no longer what it was when it was checked.</exception>
    public static MsSample Make(TrainingRecord record, int side, int referenceSide, ClipTokenizer tokenizer)
    {
        var picture = new SquarePicture(PictureReader.Read(record.Image), side);
        return new(
            picture,
            record.Text,
            [
                .. record.Subjects.Select(subject =>
                {
                    var match = PhraseMatch.Find(tokenizer, record.Text, subject.Phrase);
                    return new MsSampleSubject(
                        match.Span.IsEmpty ? subject.Phrase : string.Join(' ', match.Words),
                        match.Span,
                        picture.PlaceOf(subject.Place),
                        subject.Show(Black).Resize(new(side, side), ResizeFilter.Bilinear).Resize(new(referenceSide, referenceSide)).ToRgb());
                }),
            ]);
    }
}

/// <summary>A subject of a sample.</summary>
/// <param name="Phrase">As the caption has it.</param>
/// <param name="Words">The caption's tokens that mean it.</param>
/// <param name="Place">All in one line or point when it was cut off.</param>
/// <param name="Rgb">What the vision encoder sees, row by row.</param>
internal sealed record MsSampleSubject(string Phrase, TokenSpan Words, Box Place, byte[] Rgb);
