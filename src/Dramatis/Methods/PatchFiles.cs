using Dramatis.Checkpoints;
using Dramatis.Errors;
using Dramatis.Methods.Cones;
using Dramatis.Methods.CustomDiffusion;
using Dramatis.Methods.Lora;
using Dramatis.Methods.TextualInversion;
using Dramatis.Weights;

namespace Dramatis.Methods;

/// <summary>Files that change a model's weights, of whichever method.</summary>
public static class PatchFiles
{
    private static readonly (Func<TensorArchive, bool> Recognises, Func<string, IPatchable, WeightPatch> Read)[] Kinds =
    [
        (LoraFile.Recognises, LoraFile.Read),
        (ConesFile.Recognises, ConesFile.Read),
        (CustomDiffusionFile.Recognises, CustomDiffusionFile.Read),
        (EmbeddingFile.Recognises, (path, model) => EmbeddingFile.Read(path, model)),
    ];

    /// <summary>The patch of a file for a model.</summary>
    /// <exception cref="InvalidCheckpointException">It is damaged, of no known kind, or for texts of another width.</exception>
    /// <exception cref="WeightMismatchException">It is for another model.</exception>
    public static WeightPatch Read(string path, IPatchable model)
    {
        using var archive = TensorArchive.Open(path);
        var kind = Array.Find(Kinds, kind => kind.Recognises(archive));
        return kind.Read is not null
            ? kind.Read(path, model)
            : throw new InvalidCheckpointException(path, "is no LoRA, no Custom Diffusion, no concept neurons and no learned word. 'dramatis inspect' says what it is.");
    }
}
