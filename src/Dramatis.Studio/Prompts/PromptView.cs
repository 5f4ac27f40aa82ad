using Dramatis.Errors;
using Dramatis.Requests;
using Dramatis.Studio.Stages;
using Dramatis.Tokenizers;

namespace Dramatis.Studio.Prompts;

/// <summary>A stretch of a prompt that looks the same.</summary>
/// <param name="Actor">Whose words they are; null for nobody's.</param>
/// <param name="IsUnread">Text encoders do not read so far.</param>
public readonly record struct PromptPart(string Text, int? Actor, bool IsUnread);

/// <summary>A prompt as the engine reads it: where each subject's words stand, and how much of it is read.</summary>
public sealed class PromptView
{
    private static readonly ClipTokenizer Tokenizer = new(BpeVocabulary.Clip);

    private PromptView(string prompt, IReadOnlyDictionary<int, Range> words, int read, int tokens) =>
        (Prompt, Words, Read, Tokens) = (prompt, words, read, tokens);

    public string Prompt { get; }

    /// <summary>For each actor whose words are found, its characters of the prompt, with the braces around them.</summary>
    public IReadOnlyDictionary<int, Range> Words { get; }

    /// <summary>So many characters are read.</summary>
    public int Read { get; }

    /// <summary>Of the words alone.</summary>
    public int Tokens { get; }

    /// <summary>As many words' tokens as are read.</summary>
    public static int MostTokens => Tokenizer.Options.MaxLength - 2;

    public static PromptView Of(Stage stage)
    {
        var sought = Enumerable.Range(0, stage.Actors.Count).Where(i => !string.IsNullOrWhiteSpace(stage.Actors[i].Subject.Phrase)).ToList();
        var (text, found) = Parse(stage.Request, sought);
        var words = found.Index().ToDictionary(item => item.Item, item => WithBraces(stage.Order.Prompt, text.InPrompt(text.Words[item.Index])));
        var tokens = Tokenizer.EncodeWords(text.Text).Count;
        var read = Tokenizer.CharactersRead(text.Text);
        var all = stage.Order.LongPrompt || read == text.Text.Length;
        return new(stage.Order.Prompt, words, all ? stage.Order.Prompt.Length : read == 0 ? 0 : text.InPrompt(0..read).End.Value, tokens);
    }

    /// <summary>The prompt in pieces, in their order.</summary>
    public IReadOnlyList<PromptPart> Parts()
    {
        int[] cuts = [0, Read, Prompt.Length, .. Words.Values.SelectMany(range => new[] { range.Start.Value, range.End.Value })];
        var sorted = cuts.Distinct().Order().ToList();
        return [.. sorted.Zip(sorted.Skip(1)).Select(cut => new PromptPart(Prompt[cut.First..cut.Second], ActorAt(cut.First), cut.First >= Read))];
    }

    private int? ActorAt(int at)
    {
        foreach (var (actor, range) in Words)
        {
            if (at >= range.Start.Value && at < range.End.Value)
            {
                return actor;
            }
        }

        return null;
    }

    // While a prompt is being written something is always amiss: what is in order is shown all the same.
    private static (PromptText Text, List<int> Found) Parse(GenerationRequest request, List<int> sought)
    {
        var prompt = request.Prompt;
        while (true)
        {
            try
            {
                return (PromptText.Parse(request with { Prompt = prompt, Subjects = [.. sought.Select(i => request.Subjects[i])] }), sought);
            }
            catch (InvalidRequestException e) when (e.Field.StartsWith("subjects[", StringComparison.Ordinal) && sought.Count > 0)
            {
                sought = [.. sought.Where((_, k) => e.Field != $"subjects[{k}].phrase")];
            }
            catch (InvalidRequestException) when (prompt.AsSpan().ContainsAny('{', '}'))
            {
                prompt = prompt.Replace('{', ' ').Replace('}', ' ');    // each letter stays where it is
            }
            catch (InvalidRequestException)
            {
                request = request with { PromptWeights = false };
                prompt = prompt.Replace("<|", "  ", StringComparison.Ordinal);
            }
        }
    }

    private static Range WithBraces(string prompt, Range words)
    {
        var (start, end) = (words.Start.Value, words.End.Value);
        return start > 0 && end < prompt.Length && prompt[start - 1] == '{' && prompt[end] == '}' ? (start - 1)..(end + 1) : words;
    }
}
