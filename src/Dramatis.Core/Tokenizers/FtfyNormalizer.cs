using System.Text;

namespace Dramatis.Tokenizers;

/// <summary>What transformers' CLIP tokenizer does to a text first, on an installation with ftfy.</summary>
/// <remarks>
/// Curled quotes become straight, ligatures letters, wide forms ordinary ones, ends of lines one kind; control characters go, characters are
/// composed (NFC), white space becomes one space, letters are small. Text in the wrong encoding, which ftfy repairs too, stays as it is.
/// </remarks>
internal static class FtfyNormalizer
{
    private static readonly Dictionary<int, string> Plain = new()
    {
        [0x2018] = "'",
        [0x2019] = "'",
        [0x201A] = "'",
        [0x201B] = "'",
        [0x02BC] = "'",
        [0x201C] = "\"",
        [0x201D] = "\"",
        [0x201E] = "\"",
        [0x201F] = "\"",
        [0xFB00] = "ff",
        [0xFB01] = "fi",
        [0xFB02] = "fl",
        [0xFB03] = "ffi",
        [0xFB04] = "ffl",
        [0xFB05] = "ſt",
        [0xFB06] = "st",
        [0x0132] = "IJ",
        [0x0133] = "ij",
        [0x0149] = "ʼn",
        [0x01F1] = "DZ",
        [0x01F2] = "Dz",
        [0x01F3] = "dz",
        [0x01C4] = "DŽ",
        [0x01C5] = "Dž",
        [0x01C6] = "dž",
        [0x01C7] = "LJ",
        [0x01C8] = "Lj",
        [0x01C9] = "lj",
        [0x01CA] = "NJ",
        [0x01CB] = "Nj",
        [0x01CC] = "nj",
    };

    public static string Normalize(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes().Where(rune => !IsControl(rune.Value)))
        {
            _ = Plain.TryGetValue(rune.Value, out var letters) ? plain.Append(letters)
                : IsOfOtherWidth(rune.Value) ? plain.Append(rune.ToString().Normalize(NormalizationForm.FormKC))
                : plain.Append(rune);
        }

        var words = TextComposition.Compose(plain.ToString()).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return BasicNormalizer.Lower(string.Join(' ', words));
    }

    // Halfwidth and fullwidth forms, and the ideographic space.
    private static bool IsOfOtherWidth(int character) => character is 0x3000 or (>= 0xFF01 and <= 0xFFEF);

    // Those without a place in text: ASCII's but for white space, and marks of deprecated formatting.
    private static bool IsControl(int character) =>
        character is (< 0x20 and not ('\t' or '\n' or '\f' or '\r')) or 0x7F or (>= 0x206A and <= 0x206F) or 0xFEFF or (>= 0xFFF9 and <= 0xFFFC);
}
