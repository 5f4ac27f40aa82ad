using Dramatis.Checkpoints;
using Dramatis.Checkpoints.Kinds;
using Dramatis.Configs;
using Dramatis.Errors;
using Dramatis.Networks.Clip;

namespace Dramatis.Weights;

/// <summary>The encoder of references where it lies for itself: a folder with or without settings, or a file.</summary>
internal static class ImageEncoderFile
{
    private const string Class = "vision_model.embeddings.class_embedding";
    private const string Positions = "vision_model.embeddings.position_embedding.weight";
    private const string Patches = "vision_model.embeddings.patch_embedding.weight";
    private const string Kind = "CLIP vision encoder";

    /// <exception cref="ModelNotFoundException">There is nothing.</exception>
    /// <exception cref="InvalidCheckpointException">
    /// It is damaged, or no CLIP vision encoder, or one that nobody published and whose settings are missing.
    /// </exception>
    public static ModelPart Part(string path, ModelLoading loading)
    {
        if (!Path.Exists(path))
        {
            throw new ModelNotFoundException(
                path, FileProblem.NotThere(path, "there is no such folder or file; give the folder or file of a CLIP vision encoder."));
        }

        var file = File.Exists(path) ? path : ModelPart.FindWeights(path) ?? throw new ModelNotFoundException(path, WeightsFolder.Problem(path));
        var settings = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, ModelPart.ConfigName);
        using var weights = TensorArchive.Open(file);
        if (!weights.Tensors.ContainsKey(Class))
        {
            throw new InvalidCheckpointException(
                file, $"is no {Kind}{(CheckpointKind.Of(weights) is { } other ? $", but {other.Name}" : "")}; give one in the layout of transformers.");
        }

        var config = File.Exists(settings) && (file != path || IsOfClip(settings)) ? (settings, ConfigReader.ReadText(settings)) : Published(weights);
        return ModelPart.InFile(file, "", ClipKeys.PublishedVision, config, loading);
    }

    // Beside a file there may be the settings of something else.
    private static bool IsOfClip(string settings) => ConfigReader.Load(settings) is var config
        && (config.Has("vision_config") || config.Text("model_type", "").StartsWith("clip", StringComparison.Ordinal));

    // Weights say all but the heads and the activation, which the published sizes do.
    private static (string Path, string Text) Published(TensorArchive weights)
    {
        var width = Size(Class, 0, 1);
        var published = PublishedClip.OfFeatures(width) ?? throw new InvalidCheckpointException(
            weights.Path, $"is a {Kind} {width} wide, which is none of the published ones; put its {ModelPart.ConfigName} beside it.");
        var patch = Size(Patches, 3, 4);
        var config = new ClipVisionConfig
        {
            Tower = new()
            {
                Width = width,
                Layers = weights.CountLayers(layer => $"vision_model.encoder.layers.{layer}.layer_norm1.weight"),
                Heads = published.VisionHeads,
                InnerWidth = Size("vision_model.encoder.layers.0.mlp.fc1.weight", 0, 2),
                QuickGelu = published.QuickGelu,
            },
            Patch = patch,
            Side = (int)Math.Sqrt(Size(Positions, 0, 2) - 1) * patch,
            Projection = Size("visual_projection.weight", 0, 2),
        };
        return ($"{weights.Path} (as CLIP {published.Name})", config.ToJson());

        int Size(string name, int dimension, int rank) => weights.SideOf(name, dimension, rank, Kind);
    }
}
