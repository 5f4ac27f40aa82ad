using Dramatis.Checkpoints;

namespace Dramatis.Methods.Lora;

/// <summary>Learned words that lie in a file beside its changes: kohya's bundles, and those of cloneofsimo's files.</summary>
internal sealed class BundledWords
{
    private const string Prefix = "bundle_emb.";
    private const string Mark = "<embed>";

    // What a word's tensors are called after its name, which may have dots of its own.
    private static readonly string[] Endings = [".string_to_param.*", ".emb_params", ".clip_l", ".clip_g", ".clip_h"];

    private readonly HashSet<string> keys;

    private BundledWords(List<StoredWord> words) =>
        (Words, keys) = (words, words.SelectMany(word => word.Rows).Select(row => row.Key).ToHashSet(StringComparer.Ordinal));

    public List<StoredWord> Words { get; }

    public static BundledWords Of(TensorArchive archive)
    {
        var bundles = from key in archive.Tensors.Keys.Order(StringComparer.Ordinal)
                      where key.StartsWith(Prefix, StringComparison.Ordinal)
                      let ending = Array.Find(Endings, ending => key.EndsWith(ending, StringComparison.Ordinal))
                      where ending is not null
                      group (key, StoredWord.EncoderOf(ending[1..])) by key[Prefix.Length..^ending.Length] into word
                      select new StoredWord(word.Key, [.. word]);
        var marked = archive.Tensors.Keys.Where(key => archive.Metadata.GetValueOrDefault(key) == Mark).Order(StringComparer.Ordinal)
            .Select(key => new StoredWord(key, [(key, null)]));
        return new([.. bundles, .. marked]);
    }

    /// <summary>Whether a tensor is a word's.</summary>
    public bool Has(string key) => keys.Contains(key);
}
