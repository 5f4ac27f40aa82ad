using Dramatis.Errors;
using Dramatis.Tokenizers;

namespace Dramatis.Weights;

/// <summary>New words of patches, with the rows that they have in each text encoder's table.</summary>
internal sealed class TaughtWords
{
    private readonly Dictionary<ModelNetwork, Dictionary<string, IReadOnlyList<int>>> rows = [];
    private readonly List<(ModelNetwork Network, string Alias, IReadOnlyList<int> Rows)> aliases = [];
    private readonly List<NewWord> words = [];

    public bool IsEmpty => words.Count == 0;

    /// <param name="first">The row of the encoder's table that the word's begin at.</param>
    /// <exception cref="InvalidCheckpointException">The word is there already.</exception>
    public void Add(NewWord word, string path, int first)
    {
        var known = rows.TryGetValue(word.Network, out var found) ? found : rows[word.Network] = [];
        int[] ids = [.. Enumerable.Range(first, (int)word.Rows.shape[0])];
        foreach (var (name, own) in ids.Select((id, i) => (i == 0 ? word.Word : $"{word.Word}_{i}", i == 0 ? ids : [id])))
        {
            if (!known.TryAdd(name, own))
            {
                throw new InvalidCheckpointException(path, $"brings the word \"{name}\", which another file brings too; load one of them only.");
            }
        }

        words.Add(word);
        aliases.AddRange(word.Aliases.Where(alias => alias != word.Word).Select(alias => (word.Network, alias, (IReadOnlyList<int>)ids)));
    }

    /// <summary>A tokenizer that knows the words of its encoder, and what to read for those that are another's alone.</summary>
    public ClipTokenizer Teach(ClipTokenizer tokenizer, ModelNetwork encoder)
    {
        var taught = new Dictionary<string, IReadOnlyList<int>>(rows.GetValueOrDefault(encoder) ?? []);
        foreach (var (_, alias, own) in aliases.Where(item => item.Network == encoder))
        {
            taught.TryAdd(alias, own);
        }

        foreach (var word in words.Where(word => word.Phrase is not null))
        {
            taught.TryAdd(word.Word, tokenizer.EncodeWords(word.Phrase!));
        }

        return taught.Count == 0 ? tokenizer : tokenizer.With(taught, words.SelectMany(word => word.Aliases));
    }
}
