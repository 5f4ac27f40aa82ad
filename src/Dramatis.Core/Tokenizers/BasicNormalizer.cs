using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Dramatis.Tokenizers;

/// <summary>What transformers' CLIP tokenizer does to a text first, on an installation without ftfy: <see cref="TextCleaning"/>.</summary>
/// <remarks>
/// Control characters go, all white space becomes one space, ideographs stand alone, characters are composed (NFC), letters are small.
/// </remarks>
internal static partial class BasicNormalizer
{
    private static readonly (int First, int Last)[] Ideographs =
    [
        (0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2A700, 0x2B73F),
        (0x2B740, 0x2B81F), (0x2B820, 0x2CEAF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F),
    ];

    /// <param name="splits">Whether accents go and each mark of punctuation stands alone.</param>
    public static string Normalize(string text, bool splits = false)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            Append(rune, clean);
        }

        var composed = splits ? Split(TextComposition.Decompose(clean.ToString())) : TextComposition.Compose(clean.ToString());
        var words = composed.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return Lower(string.Join(' ', words));
    }

    private static void Append(Rune rune, StringBuilder clean)
    {
        if (rune.Value is '\t' or '\n' or '\r' || Rune.GetUnicodeCategory(rune) == UnicodeCategory.SpaceSeparator)
        {
            clean.Append(' ');
        }
        else if (Array.Exists(Ideographs, range => rune.Value >= range.First && rune.Value <= range.Last))
        {
            clean.Append(' ').Append(rune).Append(' ');
        }
        else if (rune.Value != 0xFFFD && !IsControl(rune))
        {
            clean.Append(rune);
        }
    }

    private static string Split(string text)
    {
        var apart = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes().Where(rune => Rune.GetUnicodeCategory(rune) != UnicodeCategory.NonSpacingMark))
        {
            _ = IsPunctuation(rune) ? apart.Append(' ').Append(rune).Append(' ') : apart.Append(rune);
        }

        return apart.ToString();
    }

    // All of ASCII that is neither letter nor digit counts.
    private static bool IsPunctuation(Rune rune) => rune.IsAscii ? !Rune.IsLetterOrDigit(rune) && rune.Value > ' ' : Rune.IsPunctuation(rune);

    private static bool IsControl(Rune rune) => Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate;

    // Beyond letters one by one: the capital whose small form is two characters, and the sigma that ends a word.
    public static string Lower(string text) =>
        LastSigma().Replace(text, "ς").ToLowerInvariant().Replace("\u0130", "i\u0307", StringComparison.Ordinal);

    [GeneratedRegex(@"(?<=\p{L}\p{M}*)Σ(?!\p{M}*\p{L})")]
    private static partial Regex LastSigma();
}
