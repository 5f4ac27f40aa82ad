using Dramatis.Checkpoints;
using Dramatis.Files;
using Dramatis.Networks.Clip;
using Dramatis.Networks.UNet;
using Dramatis.Weights;

namespace Dramatis.Training.DreamBooth;

/// <summary>A model folder with some networks of another.</summary>
internal static class ModelCopy
{
    /// <summary>Writes the networks as they are in memory, and copies all other files of the model's folder.</summary>
    /// <param name="networks">Which networks are written; weights of these in the folder are not copied.</param>
    /// <exception cref="Errors.OutputNotWrittenException">The folder cannot be written to.</exception>
    public static void Write(BaseModel model, string folder, IReadOnlyList<ModelNetwork> networks)
    {
        var root = model.Folder.Path;
        foreach (var file in VisibleFiles.Below(root).Order(StringComparer.Ordinal))
        {
            var relative = Path.GetRelativePath(root, file);
            if (relative != ModelFolder.IndexName && !networks.Any(network => network.Name() == relative.Split(Path.DirectorySeparatorChar)[0]))
            {
                Copy(file, Path.Combine(folder, relative));
            }
        }

        foreach (var kind in networks)
        {
            var writer = new ModelWriter(folder, StoredType(model.Folder.Part(kind)));
            var network = model.NetworkOf(kind)!;
            var config = network is UNet unet ? unet.Config.ToJson() : ((ClipTextEncoder)network).Config.ToJson();
            writer.Network(kind, config, network);
        }

        // Last: a folder without it is not taken for a model.
        Copy(Path.Combine(root, ModelFolder.IndexName), Path.Combine(folder, ModelFolder.IndexName));
    }

    private static TensorType StoredType(ModelPart part)
    {
        using var weights = part.OpenWeights();
        return weights.Tensors.Values.Select(entry => entry.Type).FirstOrDefault(type => type is TensorType.F16 or TensorType.BF16, TensorType.F32);
    }

    private static void Copy(string from, string to)
    {
        OutputFolder.Create(Path.GetDirectoryName(to)!);
        AtomicFile.Write(to, stream =>
        {
            using var source = File.OpenRead(from);
            source.CopyTo(stream);
        });
    }
}
