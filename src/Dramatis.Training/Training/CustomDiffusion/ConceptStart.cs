using Dramatis.Errors;
using Dramatis.Tokenizers;

namespace Dramatis.Training.CustomDiffusion;

/// <summary>The entries of a vocabulary that new words begin as: rare ones, which mean little.</summary>
internal static class ConceptStart
{
    /// <summary>What the reference takes. They are entries of the vocabulary as they stand there, not words that are split into such.</summary>
    public static IReadOnlyList<string> Usual { get; } = ["ktn", "pll", "ucd"];

    /// <summary>An id for each concept.</summary>
    /// <param name="entries">What each shall begin as; null for all leaves the choice to the model's vocabulary.</param>
    /// <exception cref="InvalidRequestException">One is no entry, or only some have one.</exception>
    public static IReadOnlyList<int> Of(ClipTokenizer tokenizer, IReadOnlyList<string?> entries)
    {
        var known = tokenizer.Vocabulary.Ids;
        if (entries.Any(entry => entry is not null))
        {
            return [.. entries.Select((entry, i) => entry is not null && known.TryGetValue(entry, out var id) ? id : throw new InvalidRequestException(
                $"subjects[{i}].initializer", entry is null
                    ? "is missing; give each subject one, or none at all."
                    : $"\"{entry}\" is no entry of the model's vocabulary; take one that is, or leave it out."))];
        }

        // Entries are made in the order of how often they are seen: the last ones are the rarest.
        int[] special = [tokenizer.StartId, tokenizer.EndId, tokenizer.PaddingId];
        var rarest = known.Values.Except(special).OrderDescending().ToArray();
        return [.. Usual.Where(known.ContainsKey).Select(entry => known[entry]).Concat(rarest).Distinct().Take(entries.Count)];
    }
}
