namespace Dramatis.Toybox;

/// <summary>The small grammar of the captions.</summary>
internal static class Captions
{
    /// <summary>"a fox, a red balloon and an astronaut on a beach".</summary>
    /// <param name="subjects">Phrases with how many there are of each.</param>
    /// <param name="scene">The scene's words ("on a beach"), or empty.</param>
    public static string Write(IReadOnlyList<(string Phrase, int Count)> subjects, string scene)
    {
        var parts = subjects.Select(subject => subject.Count == 1 ? WithArticle(subject.Phrase) : $"two {subject.Phrase}").ToArray();
        var cast = parts.Length < 2 ? string.Concat(parts) : $"{string.Join(", ", parts[..^1])} and {parts[^1]}";
        return cast.Length == 0 ? scene : scene.Length == 0 ? cast : $"{cast} {scene}";
    }

    /// <summary>The plural of a name: "foxes", "men with red hair" stays a matter of luck.</summary>
    public static string Plural(string name)
    {
        var end = name.IndexOf(" with ", StringComparison.Ordinal);
        var (noun, rest) = end < 0 ? (name, "") : (name[..end], name[end..]);
        var plural = noun switch
        {
            _ when noun.EndsWith('s') || noun.EndsWith('x') || noun.EndsWith("ch", StringComparison.Ordinal)
                || noun.EndsWith("sh", StringComparison.Ordinal) => noun + "es",
            _ when noun.EndsWith('y') && noun.Length > 1 && !"aeiou".Contains(noun[^2]) => noun[..^1] + "ies",
            _ when noun.EndsWith("man", StringComparison.Ordinal) => noun[..^2] + "en",
            _ => noun + "s",
        };
        return plural + rest;
    }

    /// <summary>"a fox", "an astronaut", "scissors".</summary>
    public static string WithArticle(string phrase)
    {
        var isPlural = phrase.EndsWith('s') && !phrase.EndsWith("ss", StringComparison.Ordinal) && !phrase.EndsWith("us", StringComparison.Ordinal);
        return isPlural ? phrase : "aeiou".Contains(phrase[0]) ? $"an {phrase}" : $"a {phrase}";
    }
}
