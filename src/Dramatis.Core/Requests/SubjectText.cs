using Dramatis.Errors;

namespace Dramatis.Requests;

/// <summary>A subject in one line, as the command line has it.</summary>
/// <remarks>
/// <c>PHRASE=PICTURE[,PICTURE…][@LEFT,TOP,RIGHT,BOTTOM][*STRENGTH]</c>, for example <c>cat=tom.png,tom2.png@0.05,0.3,0.5,0.95*0.8</c>. For a
/// subject that was learned, <c>residual:FILE</c> stands for the pictures.
/// </remarks>
public static class SubjectText
{
    private const string Form = "write PHRASE=PICTURE[,PICTURE...][@LEFT,TOP,RIGHT,BOTTOM][*STRENGTH]";
    private const string Field = "--subject";
    private const string ResidualMark = "residual:";

    /// <exception cref="InvalidRequestException">The text has another form; the message says where.</exception>
    public static Subject Parse(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
        {
            throw new InvalidRequestException(Field, $"\"{text}\" has no phrase and '='; {Form}.");
        }

        var (rest, strength) = OptionText.Split(text[(equals + 1)..], '*');
        var (pictures, place) = OptionText.Split(rest, '@');
        var residual = pictures.StartsWith(ResidualMark, StringComparison.Ordinal) ? pictures[ResidualMark.Length..].Trim() : null;
        string[] paths = residual is null ? pictures.Split(',', StringSplitOptions.TrimEntries) : [];
        return paths.Contains("") || residual is ""
            ? throw new InvalidRequestException(Field, $"\"{text}\" names an empty file; {Form}.")
            : new()
            {
                Phrase = text[..equals].Trim(),
                References = [.. paths.Select(Reference.FromFile)],
                Residual = residual,
                Place = place is null ? null : ParsePlace(text, place),
                Strength = strength is null ? 1 : ParseStrength(text, strength),
            };
    }

    private static Box ParsePlace(string text, string place) => OptionText.Numbers(Field, place, Form) is [var left, var top, var right, var bottom]
        ? new(left, top, right, bottom)
        : throw new InvalidRequestException(Field, $"\"{text}\" has {place.Split(',').Length} numbers after '@', not 4; {Form}.");

    private static double ParseStrength(string text, string strength) => OptionText.Numbers(Field, strength, Form) is [var only]
        ? only
        : throw new InvalidRequestException(Field, $"\"{text}\" has more than one number after '*'; {Form}.");
}
