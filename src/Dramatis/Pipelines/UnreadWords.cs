using Dramatis.Methods;
using Dramatis.Requests;
using Dramatis.Tokenizers;
using Dramatis.Weights;

namespace Dramatis.Pipelines;

/// <summary>Words that stand so far back in a prompt that something does not reach them.</summary>
internal static class UnreadWords
{
    private const int MostShown = 120;    // characters

    /// <summary>Tells once of what is cut off a prompt, and of each subject there.</summary>
    /// <param name="notice">The field of the request, and what is not done to the letter.</param>
    public static void Tell(PaintingJob job, ClipTokenizer tokenizer, Action<string, string>? notice)
    {
        if (notice is not null && !job.Request.LongPrompt)
        {
            TellOfCut("prompt", job.Prompt.Text, tokenizer, notice);
            var negative = job.Request.NegativePrompt;
            TellOfCut("negative_prompt", job.Request.PromptWeights ? WeightedText.Parse(negative).Text : negative, tokenizer, notice);
        }

        for (var i = 0; i < job.Subjects.Count && notice is not null; i++)
        {
            if (job.Subjects[i].Subject.Strength > 0
                && (!job.Request.LongPrompt || IsSteered(job, i))
                && TokenSpan.Of(tokenizer, job.Prompt.Text, job.Prompt.Words[i]).IsEmpty)
            {
                notice("prompt", Text(job.Prompt.Text[job.Prompt.Words[i]], tokenizer.Options.MaxLength, job.Request.LongPrompt));
            }
        }
    }

    /// <summary>Tells of files whose words stand in neither prompt.</summary>
    /// <param name="patches">Of each of the request's files for the whole picture.</param>
    public static void TellOfLoaded(PaintingJob job, IReadOnlyList<WeightPatch?> patches, Action<string, string>? notice)
    {
        foreach (var (i, patch) in patches.Index())
        {
            if (patch is { Words.Count: > 0 }
                && !patch.Changes.OfType<NewWord>().Any(word => IsThere(word.Word, StringComparison.Ordinal) || word.Aliases.Any(IsThereInAnyCase)))
            {
                notice?.Invoke($"loras[{i}]", $"brings {string.Join(", ", patch.Words.Select(word => $"\"{word}\""))}, which stands in neither prompt. "
                    + "Write it where it is to act.");
            }
        }

        bool IsThere(string word, StringComparison cases) =>
            job.Prompt.Written.Contains(word, cases) || job.Request.NegativePrompt.Contains(word, cases);

        bool IsThereInAnyCase(string alias) => IsThere(alias, StringComparison.OrdinalIgnoreCase);
    }

    private static void TellOfCut(string field, string text, ClipTokenizer tokenizer, Action<string, string> notice)
    {
        var read = tokenizer.CharactersRead(text);
        if (read < text.Length)
        {
            var unread = text[read..].Trim();
            var shown = unread.Length > MostShown ? $"{unread[..MostShown]}…" : unread;
            notice(field, $"\"{shown}\" stands beyond token {tokenizer.Options.MaxLength} and is not read. Write less, or set \"long_prompt\" "
                + "(--long-prompt), which reads all of it.");
        }
    }

    // Layouts and places that follow words know those of the first chunk alone.
    private static bool IsSteered(PaintingJob job, int subject)
    {
        var (layout, reads) = (job.Request.Layout, job.Subjects[subject].Keepers.Aggregate(MethodReads.None, (all, method) => all | method.Reads));
        return (layout.Mode == LayoutMode.Auto && reads.HasFlag(MethodReads.AutoLayout))
            || (layout.Binding > 0 && reads.HasFlag(MethodReads.Binding))
            || PlaceFinder.IsWanted(job, subject);
    }

    private static string Text(string words, int most, bool isRead) =>
        $"\"{words}\" stands beyond token {most}: {(isRead ? "it is read, but" : "it is not read, and")} no layout, binding or search for a place follows "
            + "it. Put it earlier.";
}
