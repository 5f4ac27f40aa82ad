using Dramatis.Training.Subjects;

namespace Dramatis.Cli.Commands;

/// <summary>How what a method learns is painted with, as a command.</summary>
internal static class LearnedExample
{
    public static string Of(LearnedMethod method, string kind, string folder)
    {
        var painted = method.Painted(folder, kind, method.PhraseOf(kind, method.UsualWord(0, kind) ?? ""));
        if (painted.Subject is not { } subject)
        {
            return $"dramatis paint \"a {painted.Words} on a beach\" --model {painted.Model}";
        }

        var marked = painted.Words.Replace(subject.Phrase, $"{{{subject.Phrase}}}", StringComparison.Ordinal);
        return $"dramatis paint \"a {marked} on a beach\" -s \"{subject.Phrase}={string.Join(',', subject.Learned.Select(file => $"learned:{file.Path}"))}\"";
    }
}
