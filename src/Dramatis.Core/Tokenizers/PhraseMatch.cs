namespace Dramatis.Tokenizers;

/// <summary>A phrase in a prompt, as the code of MS-Diffusion finds it.</summary>
/// <remarks>
/// By whole words between spaces, letters of one case, one closing mark aside. Quirk kept: the first word of a match that is passed over is
/// not counted, so that later ones come out too far left. See <see cref="TokenSpan.Of"/> for what is right.
/// </remarks>
/// <param name="Span">The tokens; none when it is not there.</param>
/// <param name="Words">The prompt's words, each without its closing mark; none when it is not there.</param>
internal sealed record PhraseMatch(TokenSpan Span, IReadOnlyList<string> Words)
{
    private const string ClosingMarks = ".!?,:";

    /// <param name="passOver">So many matches before the wanted one.</param>
    public static PhraseMatch Find(ClipTokenizer tokenizer, string prompt, string phrase, int passOver = 0)
    {
        var sought = Split(phrase);
        var words = Split(prompt);
        var token = 1;
        for (var i = 0; sought.Length > 0 && i + sought.Length <= words.Length; i++)
        {
            var here = words[i..(i + sought.Length)];
            if (!here.Zip(sought).All(pair => Unclosed(pair.First) == pair.Second || pair.First.Contains("-" + pair.Second, StringComparison.Ordinal)))
            {
                token += tokenizer.EncodeWords(words[i]).Count;
            }
            else if (passOver-- == 0)
            {
                string[] found = [.. here.Select(Unclosed)];
                return new(new(token, token + found.Sum(word => tokenizer.EncodeWords(word).Count)), found);
            }
        }

        return new(TokenSpan.None, []);
    }

    private static string[] Split(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private static string Unclosed(string word) => word.Length > 0 && ClosingMarks.Contains(word[^1], StringComparison.Ordinal) ? word[..^1] : word;
}
