using System.Globalization;
using Dramatis.Errors;

namespace Dramatis.Requests;

/// <summary>Parts of one-line forms.</summary>
internal static class OptionText
{
    /// <summary>What stands before and after a mark. File names may hold the mark: only a numeric tail after the last one counts.</summary>
    public static (string Head, string? Tail) Split(string text, char mark)
    {
        var at = text.LastIndexOf(mark);
        return at >= 0 && at + 1 < text.Length && text[(at + 1)..].All(letter => char.IsAsciiDigit(letter)
            || letter is '.' or ',' or '-' or ' ' or 'e' or 'E' or '+')
            ? (text[..at], text[(at + 1)..])
            : (text, null);
    }

    /// <summary>Numbers between commas.</summary>
    /// <exception cref="InvalidRequestException">One is no number.</exception>
    public static double[] Numbers(string field, string text, string form) =>
    [
        .. text.Split(',').Select(number => double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new InvalidRequestException(field, $"\"{text}\": \"{number}\" is no number; {form}.")),
    ];
}
