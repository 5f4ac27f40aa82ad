using System.Globalization;
using System.Text;

namespace Dramatis.Tokenizers;

/// <summary>Cuts a normalised text into the words that CLIP encodes one by one.</summary>
/// <remarks>
/// The reference's rule: a start or end, or an English short form ('s, 't, 're, 've, 'm, 'll, 'd), or a run of letters, or one digit, or a run of anything
/// else that is no space. By code points, not by UTF-16 units as a .NET expression would.
/// </remarks>
internal static class ClipWords
{
    private static readonly string[] Whole = [BpeVocabulary.Start, BpeVocabulary.End, "'s", "'t", "'re", "'ve", "'m", "'ll", "'d"];

    private enum Kind
    {
        Space,
        Letter,
        Digit,
        Other,
    }

    public static IEnumerable<string> Of(string text)
    {
        for (var start = 0; start < text.Length;)
        {
            var length = LengthAt(text, start, out var isWord);
            if (isWord)
            {
                yield return text.Substring(start, length);
            }

            start += length;
        }
    }

    private static int LengthAt(string text, int start, out bool isWord)
    {
        isWord = true;
        if (Array.Find(Whole, form => string.CompareOrdinal(text, start, form, 0, form.Length) == 0) is { } whole)
        {
            return whole.Length;
        }

        var first = Rune.GetRuneAt(text, start);
        var kind = KindOf(first);
        isWord = kind != Kind.Space;
        var end = start + first.Utf16SequenceLength;
        while (kind is Kind.Letter or Kind.Other && end < text.Length)
        {
            var next = Rune.GetRuneAt(text, end);
            if (KindOf(next) != kind)
            {
                break;
            }

            end += next.Utf16SequenceLength;
        }

        return end - start;
    }

    private static Kind KindOf(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
            or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => Kind.Letter,
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Kind.Digit,
        _ => Rune.IsWhiteSpace(rune) ? Kind.Space : Kind.Other,
    };
}
