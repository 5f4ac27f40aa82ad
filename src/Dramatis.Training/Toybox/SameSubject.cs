namespace Dramatis.Toybox;

/// <summary>Says whether a frame shows its subject: nearly half of the animations of skin variants are of another variant than their name says.</summary>
internal sealed class SameSubject(SubjectBank bank)
{
    // Of three channels together; variants of one tone to the next differ by more, unless little skin is seen.
    private const double MostDifference = 12;

    private readonly ILookup<string, (string Code, MeanColour Colour)> families = bank.Subjects
        .Zip(bank.Cutouts, (subject, cutout) => (subject.Family, subject.Code, Colour: MeanColour.Of(cutout.Pixels.Span)))
        .ToLookup(item => item.Family, item => (item.Code, item.Colour));

    /// <summary>Whether the frame is about as its subject's own picture, and no other variant is nearer.</summary>
    /// <param name="pixels">Premultiplied RGBA.</param>
    public bool Shows(ToyboxSubject subject, ReadOnlySpan<byte> pixels)
    {
        var colour = MeanColour.Of(pixels);
        var (code, nearest) = families[subject.Family].MinBy(form => form.Colour.Distance(colour));
        return code == subject.Code && nearest.Distance(colour) <= MostDifference;
    }
}
