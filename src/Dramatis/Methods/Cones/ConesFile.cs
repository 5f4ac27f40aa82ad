using System.Globalization;
using Dramatis.Checkpoints;
using Dramatis.Checkpoints.Kinds;
using Dramatis.Errors;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Methods.Cones;

/// <summary>Files of concept neurons: where they are, four bytes each, an array for each layer. No layout is published; this is our own.</summary>
internal static class ConesFile
{
    /// <summary>Name of the file in a training's folder.</summary>
    public const string FileName = "cones.safetensors";

    private const string Stored = ".neurons";
    private const string Ours = ".weight";
    private const string Width = "text_width";

    /// <summary>The patch that a file holds for a model. Several on one model silence the neurons of each.</summary>
    /// <exception cref="WeightMismatchException">A layer has no place in the model, or fewer weights.</exception>
    /// <exception cref="InvalidCheckpointException">The file is damaged, of another kind, or for texts of another width.</exception>
    public static WeightPatch Read(string path, IPatchable model)
    {
        using var archive = TensorArchive.Open(path);
        if (CheckpointKind.Of(archive)?.Type != CheckpointType.ConceptNeurons || !archive.Tensors.Values.All(AreIndices))
        {
            throw new InvalidCheckpointException(path, "holds no concept neurons of Cones. 'dramatis inspect' says what it is.");
        }

        var width = model.UNet.Config.TextWidth;
        if (archive.Metadata.TryGetValue(Width, out var learned) && learned != width.ToString(CultureInfo.InvariantCulture))
        {
            throw new InvalidCheckpointException(
                path, $"was learned for texts of width {learned}; this model's are {width} wide. Use the model that it was learned with.");
        }

        return WeightPatch.For(model, path, [.. archive.Tensors.Keys.Select(key =>
            new SilencedNeurons(ModelNetwork.UNet, key[..^Stored.Length] + Ours, archive.ToTensor(key, ScalarType.Int64).DetachFromDisposeScope()))]);
    }

    /// <param name="textWidth">Of the model that they are in.</param>
    /// <exception cref="OutputNotWrittenException">The file cannot be written; an older one stays.</exception>
    public static void Write(string path, IReadOnlyList<SilencedNeurons> layers, int textWidth)
    {
        using var scope = NewDisposeScope();
        Checkpoint.Save(
            layers.ToDictionary(layer => layer.Weight[..^Ours.Length] + Stored, layer => layer.Indices.to(ScalarType.Int32)),
            path,
            metadata: new Dictionary<string, string> { [Width] = textWidth.ToString(CultureInfo.InvariantCulture) });
    }
    private static bool AreIndices(TensorEntry entry) =>
        entry is { Type: TensorType.I32, Shape.Count: 1 } && entry.Name.EndsWith(Stored, StringComparison.Ordinal);
}
