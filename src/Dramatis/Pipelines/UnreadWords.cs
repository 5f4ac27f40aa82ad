using Dramatis.Requests;
using Dramatis.Tokenizers;

namespace Dramatis.Pipelines;

/// <summary>Subjects whose words stand so far back in the prompt that something does not reach them.</summary>
internal static class UnreadWords
{
    /// <summary>Tells of each such subject once.</summary>
    /// <param name="request">Complete and valid.</param>
    /// <param name="notice">The field of the request, and what is not done to the letter.</param>
    public static void Tell(GenerationRequest request, PromptText prompt, ClipTokenizer tokenizer, Action<string, string>? notice)
    {
        for (var i = 0; i < request.Subjects.Count && notice is not null; i++)
        {
            if (request.Subjects[i].Strength > 0
                && (!request.Reading.Whole || IsSteered(request, i))
                && TokenSpan.Of(tokenizer, prompt.Text, prompt.Words[i]).IsEmpty)
            {
                notice("prompt", Text(prompt.Text[prompt.Words[i]], tokenizer.Options.MaxLength, request.Reading.Whole));
            }
        }
    }

    // Layouts and places that follow words know those of the first chunk alone.
    private static bool IsSteered(GenerationRequest request, int subject) =>
        request.Layout is { Mode: LayoutMode.Auto } or { Binding: > 0 } || PlaceFinder.IsWanted(request, subject);

    private static string Text(string words, int most, bool isRead) =>
        $"\"{words}\" stands beyond token {most}: {(isRead ? "it is read, but" : "it is not read, and")} no layout, binding or search for a place follows it. Put it earlier.";
}
