using System.CommandLine;
using Dramatis.Errors;
using Dramatis.Training.Subjects;

namespace Dramatis.Cli.Commands;

/// <summary>The words that stand before the kinds of subjects in prompts, and mean the subjects.</summary>
internal sealed class WordOptions(params string[] usual)
{
    private readonly Option<string[]> words = new("--word")
    {
        Description = $"Stands before the kind in prompts and means the subject; one for each subject. \"{usual[0]}\" when not given.",
    };

    public void AddTo(Command command) => command.Add(words);

    /// <summary>One for each subject.</summary>
    /// <exception cref="InvalidRequestException">There are more words than subjects, or fewer, or two that are the same.</exception>
    public IReadOnlyList<string> Of(ParseResult parsed, int subjects)
    {
        var given = parsed.GetValue(words) is { Length: > 0 } own ? own : usual[..Math.Min(usual.Length, subjects)];
        return given.Length != subjects ? throw new InvalidRequestException("--word", $"is {given.Length} words for {subjects} subjects; give one for each.")
            : given.Any(string.IsNullOrWhiteSpace) ? throw new InvalidRequestException("--word", "is empty; give a word that no prompt has yet.")
            : given.Distinct().Count() < given.Length ? throw new InvalidRequestException("--word", "names two subjects alike; give each a word of its own.")
            : given;
    }

    /// <summary>The lessons of subjects, each with its word before its kind.</summary>
    /// <param name="before">What texts begin with, for example <c>a photo of</c>.</param>
    public IReadOnlyList<SubjectLesson> Lessons(
        ParseResult parsed, IReadOnlyList<(string Kind, IReadOnlyList<SubjectPicture> Pictures)> subjects, string before) =>
    [
        .. subjects.Zip(Of(parsed, subjects.Count), (subject, word) => new SubjectLesson
        {
            Phrase = $"{word} {subject.Kind}",
            Pictures = subject.Pictures,
            Text = _ => $"{before} {word} {subject.Kind}",
            OthersText = $"{before} {subject.Kind}",
        }),
    ];
}
