using Dramatis.Errors;

namespace Dramatis.Requests;

/// <summary>A subject in one line, as the command line has it.</summary>
/// <remarks>
/// <c>PHRASE=PICTURE[,PICTURE…][@LEFT,TOP,RIGHT,BOTTOM][*STRENGTH]</c>, for example <c>cat=tom.png,tom2.png@0.05,0.3,0.5,0.95*0.8</c>. For a
/// subject that was learned, <c>residual:FILE</c>, <c>lora:FILE</c> and <c>embedding:FILE</c> stand among the pictures or for them.
/// </remarks>
internal static class SubjectText
{
    /// <summary>For help texts.</summary>
    internal const string Meaning = "PHRASE=PICTURE[,PICTURE...][@LEFT,TOP,RIGHT,BOTTOM][*STRENGTH]; residual:FILE, lora:FILE and embedding:FILE for what was learned; may be given again.";

    private const string Form = "write PHRASE=PICTURE[,PICTURE...][@LEFT,TOP,RIGHT,BOTTOM][*STRENGTH], with residual:, lora: or embedding: before a file that was learned";
    private const string Field = "--subject";
    private const string ResidualMark = "residual:";
    private const string LoraMark = "lora:";
    private const string EmbeddingMark = "embedding:";

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
        var files = pictures.Split(',', StringSplitOptions.TrimEntries).ToLookup(MarkOf, file => file[MarkOf(file).Length..].Trim());
        return files.Any(kind => kind.Contains(""))
            ? throw new InvalidRequestException(Field, $"\"{text}\" names an empty file; {Form}.")
            : new()
            {
                Phrase = text[..equals].Trim(),
                References = [.. files[""].Select(Reference.FromFile)],
                Residual = Learned(text, files, ResidualMark),
                Lora = Learned(text, files, LoraMark),
                Embedding = Learned(text, files, EmbeddingMark),
                Place = place is null ? null : ParsePlace(text, place),
                Strength = strength is null ? 1 : ParseStrength(text, strength),
            };
    }

    private static string MarkOf(string file) =>
        Array.Find([ResidualMark, LoraMark, EmbeddingMark], mark => file.StartsWith(mark, StringComparison.Ordinal)) ?? "";

    private static string? Learned(string text, ILookup<string, string> files, string mark) => files[mark].Count() <= 1
        ? files[mark].SingleOrDefault()
        : throw new InvalidRequestException(Field, $"\"{text}\" has {files[mark].Count()} files after {mark}; a subject has one of each kind.");

    private static Box ParsePlace(string text, string place) => OptionText.Numbers(Field, place, Form) is [var left, var top, var right, var bottom]
        ? new(left, top, right, bottom)
        : throw new InvalidRequestException(Field, $"\"{text}\" has {place.Split(',').Length} numbers after '@', not 4; {Form}.");

    private static double ParseStrength(string text, string strength) => OptionText.Numbers(Field, strength, Form) is [var only]
        ? only
        : throw new InvalidRequestException(Field, $"\"{text}\" has more than one number after '*'; {Form}.");
}
