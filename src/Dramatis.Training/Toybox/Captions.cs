using System.Text;

namespace Dramatis.Toybox;

/// <summary>The small grammar of the captions.</summary>
internal static class Captions
{
    /// <summary>"a fox, a red balloon and an astronaut on a beach".</summary>
    /// <param name="subjects">Phrases with how many there are of each.</param>
    /// <param name="scene">The scene's words ("on a beach"), or empty.</param>
    public static string Write(IReadOnlyList<(string Phrase, int Count)> subjects, string scene) => Marked(subjects, scene).Text;

    /// <summary>The same, and where each phrase stands in it.</summary>
    public static (string Text, IReadOnlyList<Range> Phrases) Marked(IReadOnlyList<(string Phrase, int Count)> subjects, string scene)
    {
        var text = new StringBuilder();
        var phrases = new List<Range>();
        foreach (var (i, (phrase, count)) in subjects.Index())
        {
            text.Append(i == 0 ? "" : i < subjects.Count - 1 ? ", " : " and ").Append(count == 1 ? WithArticle(phrase) : $"two {phrase}");
            phrases.Add((text.Length - phrase.Length)..text.Length);
        }

        return (text.Append(subjects.Count > 0 && scene.Length > 0 ? " " : "").Append(scene).ToString(), phrases);
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
