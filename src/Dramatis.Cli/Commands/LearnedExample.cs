using Dramatis.Cli.Host;
using Dramatis.Training.Learned;
using Dramatis.Training.Subjects;

namespace Dramatis.Cli.Commands;

/// <summary>How what a method learns is painted with, as a command.</summary>
internal static class LearnedExample
{
    public static string Of(LearnedMethod method, string kind, string folder) =>
        Of(method.Painted(folder, kind, method.PhraseOf(kind, method.UsualWord(0, kind) ?? "")), model: null);

    /// <summary>A command for each subject of a request.</summary>
    public static IReadOnlyList<string> Of(LearnRequest request) =>
        [.. Learning.Painted(request).Select(painted => Of(painted, request.Model == Models.Open().Locate(null) ? null : request.Model))];

    // The words may stand for any model; those of the embedded one need not name it.
    private static string Of(LearnedPainting painted, string? model)
    {
        var with = (painted.Model ?? model) is { } path ? $" --model {Shell(path)}" : "";
        if (painted.Subject is not { } subject)
        {
            return $"dramatis paint {Shell($"a {painted.Words} on a beach")}{with}";
        }

        var marked = painted.Words.Replace(subject.Phrase, $"{{{subject.Phrase}}}", StringComparison.Ordinal);
        var files = string.Join(',', subject.Learned.Select(file => $"learned:{file.Path}"));
        return $"dramatis paint {Shell($"a {marked} on a beach")} -s {Shell($"{subject.Phrase}={files}")}{with}";
    }

    // In quotes where a shell would read something else.
    private static string Shell(string text) => text.All(letter => char.IsAsciiLetterOrDigit(letter) || "./-_:=,@".Contains(letter, StringComparison.Ordinal))
        ? text
        : $"\"{string.Concat(text.Select(letter => letter is '\\' or '"' or '$' or '`' ? $"\\{letter}" : letter.ToString()))}\"";
}
