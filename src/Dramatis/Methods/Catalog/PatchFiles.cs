using Dramatis.Checkpoints;
using Dramatis.Checkpoints.Kinds;
using Dramatis.Errors;
using Dramatis.Methods.Cones;
using Dramatis.Methods.CustomDiffusion;
using Dramatis.Methods.Lora;
using Dramatis.Methods.TextualInversion;
using Dramatis.Weights;

namespace Dramatis.Methods.Catalog;

/// <summary>Files that change a model's weights, of whichever method.</summary>
internal static class PatchFiles
{
    private static readonly Dictionary<CheckpointType, Func<string, IPatchable, WeightPatch>> Readers = new()
    {
        [CheckpointType.Lora] = LoraFile.Read,
        [CheckpointType.ConceptNeurons] = ConesFile.Read,
        [CheckpointType.CustomDiffusion] = CustomDiffusionFile.Read,
        [CheckpointType.LearnedWord] = ReadWord,
        [CheckpointType.Residual] = ReadWord,
        [CheckpointType.LearnedRows] = ReadWord,
    };

    /// <summary>The patch of a file for a model.</summary>
    /// <exception cref="InvalidCheckpointException">It is damaged, of no known kind, or for texts of another width.</exception>
    /// <exception cref="WeightMismatchException">It is for another model.</exception>
    public static WeightPatch Read(string path, IPatchable model) => Readers[TypeOf(path)](path, model);

    /// <summary>What a file that changes a model is.</summary>
    /// <exception cref="InvalidCheckpointException">It is damaged, or of no kind that does.</exception>
    public static CheckpointType TypeOf(string path) => CheckpointKind.Of(path) switch
    {
        null => throw new InvalidCheckpointException(
            path, "is no LoRA, no Custom Diffusion, no concept neurons and no learned word. 'dramatis inspect' says what is in it."),
        var kind when !Readers.ContainsKey(kind.Type) => throw new InvalidCheckpointException(
            path, $"is {kind.Name}; what was learned for a model is a LoRA, Custom Diffusion, concept neurons or a word. Give such a file."),
        var kind => kind.Type,
    };

    /// <summary>Whether a file is one of learned words.</summary>
    /// <exception cref="InvalidCheckpointException">It is damaged, or of no known format.</exception>
    public static bool IsWord(string path)
    {
        using var archive = TensorArchive.Open(path);
        return EmbeddingFile.Takes(archive);
    }

    /// <summary>How wide the rows of a file of words are.</summary>
    /// <exception cref="InvalidCheckpointException">It is damaged, or of no known format.</exception>
    public static IReadOnlyList<long> WidthsOf(string path)
    {
        using var archive = TensorArchive.Open(path);
        return [.. archive.Tensors.Values.Where(entry => entry.Shape.Count > 0).Select(entry => entry.Shape[^1]).Distinct()];
    }

    private static WeightPatch ReadWord(string path, IPatchable model) => EmbeddingFile.Read(path, model);
}
