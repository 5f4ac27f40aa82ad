using Dramatis.Errors;
using Dramatis.Tokenizers;

namespace Dramatis.Training.CustomDiffusion;

/// <summary>The entries of a vocabulary that new words begin as: rare ones, which mean little.</summary>
internal static class ConceptStart
{
    /// <summary>What the reference takes. They are entries of the vocabulary as they stand there, not words that are split into such.</summary>
    public static IReadOnlyList<string> Usual { get; } = ["ktn", "pll", "ucd"];

    /// <summary>An id for each concept.</summary>
    /// <param name="entries">As many as concepts; none leaves the choice to the model's vocabulary.</param>
    /// <exception cref="InvalidRequestException">One is no entry, or there are more or fewer than concepts.</exception>
    public static IReadOnlyList<int> Of(ClipTokenizer tokenizer, IReadOnlyList<string> entries, int concepts)
    {
        var known = tokenizer.Vocabulary.Ids;
        if (entries.Count > 0)
        {
            return entries.Count == concepts
                ? [.. entries.Select(entry => known.TryGetValue(entry, out var id) ? id : throw new InvalidRequestException(
                    "initializer", $"\"{entry}\" is no entry of the model's vocabulary; take one that is, or leave it out."))]
                : throw new InvalidRequestException("initializer", $"is {entries.Count} entries for {concepts} concepts; give one for each.");
        }

        // Entries are made in the order of how often they are seen: the last ones are the rarest.
        int[] special = [tokenizer.StartId, tokenizer.EndId, tokenizer.PaddingId];
        var rarest = known.Values.Except(special).OrderDescending().ToArray();
        return [.. Usual.Where(known.ContainsKey).Select(entry => known[entry]).Concat(rarest).Distinct().Take(concepts)];
    }
}
