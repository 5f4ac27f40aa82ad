using Dramatis.Checkpoints;
using Dramatis.Checkpoints.Kinds;
using Dramatis.Errors;
using Dramatis.Weights;

namespace Dramatis.Methods.TextualInversion;

/// <summary>
/// Learned words in files: those of diffusers, of the original code, of the web UI (<c>.pt</c>, <c>emb_params</c>) and of SDXL; one word or several.
/// </summary>
internal static class EmbeddingFile
{
    private const string RowsPrefix = "string_to_param.";
    private const string AnyWord = "*";

    // Tensors that name neither a word nor an encoder.
    private static readonly string[] Nameless = ["emb_params", "root"];

    /// <summary>Whether a file may be learned words: few rows, and nothing else.</summary>
    public static bool Takes(TensorArchive archive) =>
        CheckpointKind.Of(archive)?.Type is CheckpointType.LearnedWord or CheckpointType.LearnedRows or CheckpointType.Residual;

    /// <summary>The patch that a file holds for a model.</summary>
    /// <param name="word">What prompts call it; null: as the file says, or else as it is called.</param>
    /// <param name="phrase">What a text encoder reads instead that the file has no rows for; null: the word as text.</param>
    /// <exception cref="InvalidCheckpointException">No encoder of the model is as wide, or it is no learned word.</exception>
    public static WeightPatch Read(string path, IPatchable model, string? word = null, string? phrase = null)
    {
        using var archive = TensorArchive.Open(path);
        if (!Takes(archive))
        {
            throw new InvalidCheckpointException(
                path, "is no learned word: it should hold tensors of a few rows, and nothing else. 'dramatis inspect' says what it is.");
        }

        var words = Words(archive);
        if (word is not null)
        {
            words = words is [var only] ? [only with { Name = word, Aliases = [] }] : throw new InvalidCheckpointException(
                path, $"holds {words.Count} words ({string.Join(", ", words.Select(item => item.Name))}), but a subject is one; "
                    + "give the file as a LoRA, and write its words.");
        }

        var changes = new List<NewWord>();
        var patch = new WeightPatch(path, changes) { NameOfFile = word is null && IsNameless(archive) ? words[0].Name : null };
        try
        {
            words.ForEach(item => changes.AddRange(item.Read(archive, model, phrase)));
            return patch;
        }
        catch
        {
            patch.Dispose();
            throw;
        }
    }

    /// <summary>Writes words of one encoder as diffusers does; those of two as SDXL's files are.</summary>
    /// <exception cref="OutputNotWrittenException">The file cannot be written; an older one stays.</exception>
    public static void Write(string path, IReadOnlyList<NewWord> words) => Checkpoint.Save(
        words.ToDictionary(
            word => words.Count == 1 ? word.Word : word.Network.TowerName(),
            word => word.Rows),
        path,
        metadata: Checkpoint.TorchHeader(("name", words[0].Word)));

    // Tensors without a word of their own are one word's: that which the file says, or else the file's name. Both are names of a file's only word.
    private static List<StoredWord> Words(TensorArchive archive)
    {
        var stem = Path.GetFileNameWithoutExtension(archive.Path);
        var tensors = archive.Tensors.Keys.Where(key => !key.StartsWith(WordKinds.IdsPrefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .Select(key => (Key: key, Word: WordOf(key))).ToLookup(item => item.Word is null);
        var words = tensors[false].Select(item => new StoredWord(item.Word!, [(item.Key, null)])).ToList();
        if (tensors[true].Any())
        {
            var name = archive.Metadata.GetValueOrDefault("name") ?? stem;
            words.Insert(0, new(name, [.. tensors[true].Select(item => (item.Key, StoredWord.EncoderOf(item.Key)))]));
        }

        return words is [var only] ? [only with { Aliases = [stem] }] : words;
    }

    private static string? WordOf(string key)
    {
        var word = key.StartsWith(RowsPrefix, StringComparison.Ordinal) ? key[RowsPrefix.Length..] : key;
        return word == AnyWord || Nameless.Contains(word) || StoredWord.EncoderOf(word) is not null ? null : word;
    }

    private static bool IsNameless(TensorArchive archive) =>
        !archive.Metadata.ContainsKey("name") && archive.Tensors.Keys.Any(key => WordOf(key) is null);
}
