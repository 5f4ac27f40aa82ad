namespace Dramatis.Training.Preparation;

/// <summary>The things that an English caption names, by rules and short lists of words instead of a trained tagger.</summary>
/// <remarks>
/// A phrase is a run of nouns with what stands before them: "a man riding a big brown horse" has "man" and "big brown horse". Left out are
/// phrases that count ("two dogs": one box holds no two) and those that speak of the picture ("a photo", "the background").
/// Limits: rare verbs in the present tense are taken for nouns ("a dog nuzzles" is one phrase), and pronouns are not resolved; what is no
/// thing after all is not found in the picture and falls away.
/// </remarks>
internal static class NounPhrases
{
    private static readonly char[] Marks = [.. ".,;:!?\"'()[]{}“”‘’…-–—*"];

    /// <summary>The phrases as the caption spells them, without articles, each once, in its order.</summary>
    public static IReadOnlyList<string> Find(string caption)
    {
        var phrases = new List<string>();
        var words = new List<string>();
        var (opened, named, many) = (false, false, false);
        foreach (var token in caption.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            var word = token.Trim(Marks);
            if (!token.StartsWith(word, StringComparison.Ordinal) || word.Length == 0)
            {
                End();
            }

            Take(word);
            if (!token.EndsWith(word, StringComparison.Ordinal))
            {
                End();
            }
        }

        End();
        return phrases;

        void Take(string word)
        {
            var role = CaptionWords.RoleOf(word.ToLowerInvariant());
            if (word.Length == 0 || role == WordRole.Break || (role is WordRole.Verb or WordRole.Participle && (named || (words.Count == 0 && !opened))))
            {
                End();
            }
            else if (role is WordRole.Determiner or WordRole.Count)
            {
                End();
                (opened, many) = (true, role == WordRole.Count);
            }
            else
            {
                words.Add(word);
                named |= role is WordRole.Noun or WordRole.Verb;
            }
        }

        void End()
        {
            var phrase = string.Join(' ', words);
            if (named && !many && CaptionWords.IsThing(words[^1].ToLowerInvariant()) && !phrases.Contains(phrase, StringComparer.OrdinalIgnoreCase))
            {
                phrases.Add(phrase);
            }

            words.Clear();
            (opened, named, many) = (false, false, false);
        }
    }
}
