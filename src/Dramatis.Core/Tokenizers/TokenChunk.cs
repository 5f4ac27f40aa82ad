using Dramatis.Requests;

namespace Dramatis.Tokenizers;

/// <summary>As many tokens as an encoder reads at once: start, words, end and padding, each with its weight.</summary>
internal sealed record TokenChunk(IReadOnlyList<int> Ids, IReadOnlyList<double> Weights)
{
    /// <summary>A text in chunks; one, cut to its length, unless long texts are to be read whole.</summary>
    /// <remarks>No word is cut between two chunks, unless it is longer than a whole one.</remarks>
    /// <exception cref="Errors.InvalidRequestException">The text's weights are malformed.</exception>
    public static IReadOnlyList<TokenChunk> Of(ClipTokenizer tokenizer, string text, PromptReading reading = default)
    {
        var room = tokenizer.Options.MaxLength - 2;
        var chunks = new List<List<(int Id, double Weight)>> { new() };
        foreach (var (ids, weight) in Words(tokenizer, text, reading))
        {
            if (reading.Whole && chunks[^1].Count + ids.Count > room && ids.Count <= room)
            {
                chunks.Add([]);
            }

            foreach (var id in ids)
            {
                if (chunks[^1].Count == room)
                {
                    if (!reading.Whole)
                    {
                        return [Fill(tokenizer, chunks[0])];
                    }

                    chunks.Add([]);
                }

                chunks[^1].Add((id, weight));
            }
        }

        return [.. chunks.Select(words => Fill(tokenizer, words))];
    }

    private static IEnumerable<(IReadOnlyList<int> Ids, double Weight)> Words(ClipTokenizer tokenizer, string text, PromptReading reading) =>
        (reading.Weights ? WeightedText.Parse(text).Parts : [new(text, 1)])
            .SelectMany(part => tokenizer.EncodeByWord(part.Text).Select(ids => (ids, part.Weight)));

    private static TokenChunk Fill(ClipTokenizer tokenizer, List<(int Id, double Weight)> words)
    {
        var free = tokenizer.Options.MaxLength - 2 - words.Count;
        return new(
            [tokenizer.StartId, .. words.Select(word => word.Id), tokenizer.EndId, .. Enumerable.Repeat(tokenizer.PaddingId, free)],
            [1, .. words.Select(word => word.Weight), 1, .. Enumerable.Repeat(1d, free)]);
    }
}
