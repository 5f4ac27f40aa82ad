using System.Text.RegularExpressions;
using Dramatis.Errors;

namespace Dramatis.Requests;

/// <summary>A subject in one line, as the command line has it.</summary>
/// <remarks>
/// <c>PHRASE=PICTURE[,PICTURE…][@LEFT,TOP,RIGHT,BOTTOM][*STRENGTH]</c>, for example <c>cat=tom.png,tom2.png@0.05,0.3,0.5,0.95*0.8</c>. For a
/// subject that was learned, <c>learned:FILE</c> stands among the pictures or for them; <c>residual:FILE</c> and <c>embedding:FILE</c> say what
/// a file of bare rows is. Without <c>=</c> and files it is a subject of words alone.
/// </remarks>
internal static partial class SubjectText
{
    /// <summary>For help texts.</summary>
    internal const string Meaning = "PHRASE=PICTURE[+MASK][,PICTURE...][@LEFT,TOP,RIGHT,BOTTOM][*STRENGTH]: the words that mean it, pictures of it, "
        + "its place (region) in fractions of the picture; learned:FILE for what was learned; PHRASE[@...] alone for models with a prior; may be given again.";

    private const string Form = "write PHRASE=PICTURE[+MASK][,PICTURE...][@LEFT,TOP,RIGHT,BOTTOM][*STRENGTH], with learned: before a file that was learned";
    private const string Field = "--subject";

    // The second is the name of before, when the kind was to be said of each file.
    private static readonly (string Mark, LearnedKind Kind)[] Marks =
    [
        ("learned:", LearnedKind.AsTheFileSays), ("lora:", LearnedKind.AsTheFileSays),
        ("residual:", LearnedKind.Residual), ("embedding:", LearnedKind.Embedding),
    ];

    /// <exception cref="InvalidRequestException">The text has another form; the message says where.</exception>
    public static Subject Parse(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var (rest, strength) = OptionText.Split(text[(equals + 1)..], '*');
        var (head, place) = OptionText.Split(rest, '@');
        var phrase = (equals < 0 ? head : text[..equals]).Trim();
        if (phrase.Length == 0)
        {
            throw new InvalidRequestException(Field, $"\"{text}\" has no phrase; {Form}.");
        }

        InvalidRequestException.ThrowUnless(
            place is not null || !NoPlace().IsMatch(head),
            Field,
            $"\"{text}\" has no place after '@': that is four fractions of the picture, 0.1 for a tenth; {Form}.");
        (string Mark, string Path)[] files = equals < 0 ? [] :
            [.. head.Split(',', StringSplitOptions.TrimEntries).Select(file => (MarkOf(file), file[MarkOf(file).Length..].Trim()))];
        (string Picture, string? Mask)[] shown = [.. files.Where(file => file.Mark.Length == 0).Select(file => MaskFiles.Split(file.Path))];
        return files.Any(file => file.Path.Length == 0)
            ? throw new InvalidRequestException(Field, $"\"{text}\" names an empty file; {Form}.")
            : new()
            {
                Phrase = phrase,
                References = [.. shown.Select(file => Reference.FromFile(file.Picture))],
                ReferenceMasks = MaskFiles.Of(shown),
                Learned = [.. files.Where(file => file.Mark.Length > 0).Select(file => new LearnedFile(file.Path, KindOf(file.Mark)))],
                Place = place is null ? null : ParsePlace(text, place),
                Strength = strength is null ? 1 : ParseStrength(text, strength),
            };
    }

    // A picture, and words where numbers belong.
    [GeneratedRegex(@"\.(png|jpe?g|webp)@(?!.*\.(png|jpe?g|webp)$)", RegexOptions.IgnoreCase)]
    private static partial Regex NoPlace();

    private static string MarkOf(string file) => Array.Find(Marks, item => file.StartsWith(item.Mark, StringComparison.Ordinal)).Mark ?? "";

    private static LearnedKind KindOf(string mark) => Array.Find(Marks, item => item.Mark == mark).Kind;

    private static Box ParsePlace(string text, string place) => OptionText.Numbers(Field, place, Form) is [var left, var top, var right, var bottom]
        ? new(left, top, right, bottom)
        : throw new InvalidRequestException(Field, $"\"{text}\" has {place.Split(',').Length} numbers after '@', not 4; {Form}.");

    private static double ParseStrength(string text, string strength) => OptionText.Numbers(Field, strength, Form) is [var only]
        ? only
        : throw new InvalidRequestException(Field, $"\"{text}\" has more than one number after '*'; {Form}.");
}
