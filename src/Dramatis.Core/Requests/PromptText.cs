using System.Text;
using Dramatis.Errors;

namespace Dramatis.Requests;

/// <summary>A prompt without its braces and weights, and which of its words mean which subject.</summary>
/// <remarks>
/// Words in braces belong to the first subject with that phrase. The phrase of any other subject is looked for as whole words, letters of
/// either case, where no other subject has been found. Doubled braces stand for braces. <see cref="Placeholder"/> behind the words of a subject
/// marks them too, in the order of the subjects, as FastComposer's prompts have it.
/// </remarks>
internal sealed class PromptText
{
    private const string Placeholder = "<|image|>";

    private readonly WeightedText? weighted;

    private readonly IReadOnlyList<int> typed;

    private PromptText(string written, string text, IReadOnlyList<Range> words, WeightedText? weighted = null, IReadOnlyList<int>? typed = null)
    {
        (Written, Text, Words) = (written, text, words);
        (this.weighted, this.typed) = (weighted, typed ?? []);
    }

    /// <summary>What the encoder reads: the prompt without its braces, with weights where the request has them.</summary>
    public string Written { get; }

    /// <summary>The words alone: <see cref="Written"/> without weights.</summary>
    public string Text { get; }

    /// <summary>For each subject of the request the characters of <see cref="Text"/> that mean it.</summary>
    public IReadOnlyList<Range> Words { get; }

    /// <summary>Characters of <see cref="Text"/> as characters of the prompt that was parsed, without the braces around them.</summary>
    public Range InPrompt(Range words)
    {
        var range = weighted?.FindWritten(words) ?? words;
        return range.Start.Value == range.End.Value ? range : typed[range.Start.Value]..(typed[range.End.Value - 1] + 1);
    }

    /// <exception cref="InvalidRequestException">A brace or a weight's bracket is open, a mark names no subject, or a phrase is not in the prompt.</exception>
    public static PromptText Parse(GenerationRequest request)
    {
        var (written, marks, typed) = Unmark(request.Prompt, request.Subjects);
        var weighted = request.PromptWeights ? WeightedText.Parse(written) : null;
        var text = weighted?.Text ?? written;
        if (weighted is not null)
        {
            marks = marks.ConvertAll(weighted.Find);
        }

        var words = new Range?[request.Subjects.Count];
        foreach (var mark in marks)
        {
            var meant = text[mark];
            var index = Enumerable.Range(0, words.Length).FirstOrDefault(i => words[i] is null && IsSame(request.Subjects[i].Phrase, meant), -1);
            if (index < 0)
            {
                throw new InvalidRequestException(
                    "prompt", $"{{{meant}}} marks no subject; {Known(request)} Write {{{{ and }}}} for braces.");
            }

            words[index] = mark;
        }

        // "sun" must not take its word out of "sun with face": the longest phrase chooses first.
        foreach (var i in Enumerable.Range(0, words.Length).OrderByDescending(i => request.Subjects[i].Phrase.Length))
        {
            words[i] ??= Find(text, request.Subjects[i].Phrase, words) ?? throw new InvalidRequestException(
                $"subjects[{i}].phrase", $"\"{request.Subjects[i].Phrase}\" is not in the prompt; write it there.");
        }

        return new(written, text, [.. words.Select(range => range!.Value)], weighted, typed);
    }

    /// <summary>The prompt with other words for some subjects.</summary>
    /// <param name="nameOf">What a subject is called, without brackets; null leaves its words.</param>
    /// <exception cref="InvalidRequestException">Brackets of weights cut such words in two.</exception>
    public PromptText With(Func<int, string?> nameOf)
    {
        var (written, text) = (Written, Text);
        Range[] words = [.. Words];
        foreach (var (i, range) in Words.Index().OrderByDescending(item => item.Item.Start.Value))
        {
            if (nameOf(i) is not { } name)
            {
                continue;
            }

            written = Replace(written, WrittenOf(range), name);
            text = Replace(text, range, name);
            var longer = name.Length - (range.End.Value - range.Start.Value);
            words[i] = range.Start..(range.End.Value + longer);
            foreach (var later in Enumerable.Range(0, words.Length).Where(k => Words[k].Start.Value > range.Start.Value))
            {
                words[later] = (words[later].Start.Value + longer)..(words[later].End.Value + longer);
            }
        }

        return new(written, text, words);

        static string Replace(string text, Range range, string name) => $"{text[..range.Start]}{name}{text[range.End..]}";
    }

    private Range WrittenOf(Range words)
    {
        var range = weighted?.FindWritten(words) ?? words;
        return Written[range] == Text[words] ? range : throw new InvalidRequestException(
            "prompt", $"\"{Written[range]}\" has brackets inside, but is one learned word; put them around it.");
    }

    private static string Known(GenerationRequest request) => request.Subjects.Count == 0
        ? "there is none."
        : $"the subjects are {string.Join(", ", request.Subjects.Select(subject => $"\"{subject.Phrase}\""))}.";

    private static (string Text, List<Range> Marks, List<int> Typed) Unmark(string prompt, IReadOnlyList<Subject> subjects)
    {
        var text = new StringBuilder(prompt.Length);
        var typed = new List<int>(prompt.Length);    // where each letter of the text stands in the prompt
        var marks = new List<Range>();
        var placeholders = 0;
        int? open = null;
        for (var i = 0; i < prompt.Length; i++)
        {
            var letter = prompt[i];
            var doubled = letter is '{' or '}' && i + 1 < prompt.Length && prompt[i + 1] == letter;
            if (doubled)
            {
                text.Append(letter);
                typed.Add(i++);
            }
            else if (prompt.AsSpan(i).StartsWith(Placeholder))
            {
                i += Placeholder.Length - 1;
                marks.Add(Before(text, subjects, placeholders++, IsLetterAt(prompt, i + 1)));
                typed.RemoveRange(text.Length, typed.Count - text.Length);
            }
            else if (letter == '{' && open is null)
            {
                open = text.Length;
            }
            else if (letter == '}' && open is { } start)
            {
                marks.Add(start..text.Length);
                open = null;
            }
            else if (letter is '{' or '}')
            {
                throw new InvalidRequestException("prompt", $"the brace at character {i + 1} has no partner; write {letter}{letter} for a brace.");
            }
            else
            {
                text.Append(letter);
                typed.Add(i);
            }
        }

        return open is null
            ? (text.ToString(), marks, typed)
            : throw new InvalidRequestException("prompt", "a brace is open at its end; close it, or write {{ for a brace.");
    }

    // The words of the next subject, with which the text so far must end.
    private static Range Before(StringBuilder text, IReadOnlyList<Subject> subjects, int number, bool isInsideWord)
    {
        if (number >= subjects.Count)
        {
            throw new InvalidRequestException("prompt", $"has more {Placeholder} than there are subjects ({subjects.Count}); give a subject for each.");
        }

        var (phrase, before) = (subjects[number].Phrase.Trim(), text.ToString().TrimEnd());
        var start = before.Length - phrase.Length;
        text.Length = before.Length;
        return !isInsideWord && before.EndsWith(phrase, StringComparison.OrdinalIgnoreCase) && !IsLetterAt(before, start - 1)
            ? start..before.Length
            : throw new InvalidRequestException(
                "prompt", $"the {Placeholder} number {number + 1} does not follow the words \"{phrase}\" of subjects[{number}]; write it right behind them.");
    }

    private static Range? Find(string text, string phrase, Range?[] taken)
    {
        var sought = phrase.Trim();
        for (var at = Next(0); at >= 0; at = Next(at + 1))
        {
            var end = at + sought.Length;
            var isFree = taken.All(range => range is not { } other || end <= other.Start.Value || at >= other.End.Value);
            if (isFree && !IsLetterAt(text, at - 1) && !IsLetterAt(text, end))
            {
                return at..end;
            }
        }

        return null;

        int Next(int from) => from > text.Length ? -1 : text.IndexOf(sought, from, StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsLetterAt(string text, int at) => at >= 0 && at < text.Length && char.IsLetterOrDigit(text[at]);

    private static bool IsSame(string phrase, string words) => phrase.Trim().Equals(words.Trim(), StringComparison.OrdinalIgnoreCase);
}
