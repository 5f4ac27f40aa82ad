using Dramatis.Errors;
using Dramatis.Pictures;

namespace Dramatis.Requests;

/// <summary>Masks of references on the command line: <c>tom.png+mask.png</c>, or <c>tom.mask.png</c> beside <c>tom.png</c>.</summary>
internal static class MaskFiles
{
    private const char Mark = '+';
    private const string Ending = ".mask.png";

    /// <summary>A picture and its mask; null for none. A file whose own name has the mark is a picture.</summary>
    public static (string Picture, string? Mask) Split(string text)
    {
        var mark = text.LastIndexOf(Mark);
        var (picture, mask) = mark <= 0 || mark == text.Length - 1 || File.Exists(text) ? (text, null) : (text[..mark].Trim(), text[(mark + 1)..].Trim());
        var beside = Path.ChangeExtension(picture, null) + Ending;
        return (picture, mask ?? (File.Exists(beside) && !picture.EndsWith(Ending, StringComparison.OrdinalIgnoreCase) ? beside : null));
    }

    /// <summary>A mask for each picture where one has one: of the others all is shown.</summary>
    public static IReadOnlyList<Reference> Of(IReadOnlyList<(string Picture, string? Mask)> files) => files.All(file => file.Mask is null) ? [] :
    [
        .. files.Select(file => file.Mask is { } mask ? Reference.FromFile(mask) : White(file.Picture)),
    ];

    private static Reference White(string picture)
    {
        try
        {
            var size = PictureReader.Read(picture).Size;
            return Reference.FromBytes(PictureWriter.EncodePng(Picture.Filled(size.Width, size.Height, Rgb.Gray(byte.MaxValue))));
        }
        catch (UnreadablePictureException)
        {
            return Reference.FromFile(picture);    // told when the picture itself is read
        }
    }
}
