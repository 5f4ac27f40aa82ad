using System.Globalization;
using Dramatis.Errors;

namespace Dramatis.Requests;

/// <summary>A subject in one line, as the command line has it.</summary>
/// <remarks><c>PHRASE=PICTURE[,PICTURE…][@LEFT,TOP,RIGHT,BOTTOM][*STRENGTH]</c>, for example <c>cat=tom.png,tom2.png@0.05,0.3,0.5,0.95*0.8</c>.</remarks>
public static class SubjectText
{
    private const string Form = "write PHRASE=PICTURE[,PICTURE...][@LEFT,TOP,RIGHT,BOTTOM][*STRENGTH]";
    private const string Field = "--subject";

    /// <exception cref="InvalidRequestException">The text has another form; the message says where.</exception>
    public static Subject Parse(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
        {
            throw new InvalidRequestException(Field, $"\"{text}\" has no phrase and '='; {Form}.");
        }

        var (rest, strength) = Split(text[(equals + 1)..], '*');
        var (pictures, place) = Split(rest, '@');
        var paths = pictures.Split(',', StringSplitOptions.TrimEntries);
        return paths.Contains("")
            ? throw new InvalidRequestException(Field, $"\"{text}\" names an empty picture; {Form}.")
            : new()
            {
                Phrase = text[..equals].Trim(),
                References = [.. paths.Select(Reference.FromFile)],
                Place = place is null ? null : ParsePlace(text, place),
                Strength = strength is null ? 1 : ParseNumber(text, strength),
            };
    }

    // File names may hold the mark: only a numeric tail after the last one counts.
    private static (string Head, string? Tail) Split(string text, char mark)
    {
        var at = text.LastIndexOf(mark);
        return at >= 0 && at + 1 < text.Length && text[(at + 1)..].All(letter => char.IsAsciiDigit(letter) || letter is '.' or ',' or '-' or ' ' or 'e' or 'E' or '+')
            ? (text[..at], text[(at + 1)..])
            : (text, null);
    }

    private static Box ParsePlace(string text, string place)
    {
        var numbers = place.Split(',');
        return numbers.Length == 4
            ? new(ParseNumber(text, numbers[0]), ParseNumber(text, numbers[1]), ParseNumber(text, numbers[2]), ParseNumber(text, numbers[3]))
            : throw new InvalidRequestException(Field, $"\"{text}\" has {numbers.Length} numbers after '@', not 4; {Form}.");
    }

    private static double ParseNumber(string text, string number) =>
        double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new InvalidRequestException(Field, $"\"{text}\": \"{number}\" is no number; {Form}.");
}
