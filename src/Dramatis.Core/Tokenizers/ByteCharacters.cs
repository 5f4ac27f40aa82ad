using System.Text;

namespace Dramatis.Tokenizers;

/// <summary>The printable character that stands for each byte in byte-level vocabularies (Radford et al., GPT-2, 2019).</summary>
internal static class ByteCharacters
{
    /// <summary>Bytes in the order in which vocabularies number them: printable ones first.</summary>
    public static IReadOnlyList<byte> Order { get; } =
        [.. Enumerable.Range(0, 256).Select(value => (byte)value).OrderBy(value => IsPrintable(value) ? 0 : 1)];

    private static readonly char[] Characters = MakeCharacters();

    public static char Of(byte value) => Characters[value];

    /// <summary>The characters of a text's bytes.</summary>
    public static string Spell(string text) => string.Concat(Encoding.UTF8.GetBytes(text).Select(Of));

    private static char[] MakeCharacters()
    {
        var characters = new char[256];
        var next = (char)256;    // the others get the characters after Latin-1
        foreach (var value in Order)
        {
            characters[value] = IsPrintable(value) ? (char)value : next++;
        }

        return characters;
    }

    private static bool IsPrintable(byte value) => value is (>= 33 and <= 126) or (>= 161 and <= 172) or >= 174;
}
