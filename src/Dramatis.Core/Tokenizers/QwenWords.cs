using System.Globalization;
using System.Text;

namespace Dramatis.Tokenizers;

/// <summary>Cuts a text into the words that Qwen2 encodes one by one; together they are the text.</summary>
/// <remarks>
/// The reference's expression, whose alternatives are tried in this order at each place, by code points and not by UTF-16 units as a .NET expression
/// would: a short form ('s, 't, 're, 've, 'm, 'll, 'd, capitals too); letters, with one other character before them; one digit; signs, with one
/// space before and line ends behind; white space up to its last line end; white space but for its last character; white space.
/// </remarks>
internal static class QwenWords
{
    private static readonly string[] ShortForms = ["s", "t", "re", "ve", "m", "ll", "d"];

    private enum Kind
    {
        Letter,
        Digit,
        LineEnd,
        Space,    // any other white space
        Sign,
    }

    public static IEnumerable<string> Of(string text)
    {
        var runes = text.EnumerateRunes().ToArray();
        var kinds = Array.ConvertAll(runes, KindOf);
        for (var start = 0; start < runes.Length;)
        {
            var end = EndOf(runes, kinds, start);
            yield return string.Concat(runes[start..end]);
            start = end;
        }
    }

    private static int EndOf(Rune[] runes, Kind[] kinds, int start)
    {
        if (ShortFormAt(runes, start) is { } form)
        {
            return start + 1 + form.Length;
        }

        var first = kinds[start];
        if (first == Kind.Letter || (first is Kind.Space or Kind.Sign && KindAt(start + 1) == Kind.Letter))
        {
            return Run(start + 1, Kind.Letter);
        }

        if (first == Kind.Digit)
        {
            return start + 1;
        }

        if (first == Kind.Sign || (runes[start].Value == ' ' && KindAt(start + 1) == Kind.Sign))
        {
            return Run(Run(start + 1, Kind.Sign), Kind.LineEnd);
        }

        var end = Run(start, Kind.LineEnd, Kind.Space);
        var lineEnd = Array.LastIndexOf(kinds, Kind.LineEnd, end - 1, end - start);
        return lineEnd >= 0 ? lineEnd + 1
            : end == runes.Length || end == start + 1 ? end
            : end - 1;

        Kind? KindAt(int at) => at < kinds.Length ? kinds[at] : null;

        int Run(int from, params ReadOnlySpan<Kind> wanted)
        {
            while (from < kinds.Length && wanted.Contains(kinds[from]))
            {
                from++;
            }

            return from;
        }
    }

    private static string? ShortFormAt(Rune[] runes, int start) => runes[start].Value != '\''
        ? null
        : Array.Find(ShortForms, form =>
            start + form.Length < runes.Length && form.Index().All(letter => Small(runes[start + 1 + letter.Index]) == letter.Item));

    // ſ, the long s, is an s to the reference when capitals do not count.
    private static int Small(Rune rune) => rune.Value switch
    {
        'ſ' => 's',
        >= 'A' and <= 'Z' => rune.Value | 0x20,
        _ => rune.Value,
    };

    private static Kind KindOf(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
            or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => Kind.Letter,
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Kind.Digit,
        _ when rune.Value is '\r' or '\n' => Kind.LineEnd,
        _ => Rune.IsWhiteSpace(rune) ? Kind.Space : Kind.Sign,
    };
}
