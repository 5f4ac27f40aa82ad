using Dramatis.Checkpoints;
using Dramatis.Checkpoints.Kinds;
using Dramatis.Errors;
using Dramatis.Networks.Clip;
using Dramatis.Weights;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Methods.FastComposer;

/// <summary>A checkpoint on disk: the released <c>pytorch_model.bin</c> with all networks inside, or one of ours with what differs from the base.</summary>
internal static class FastComposerFile
{
    /// <summary>What the names of the fusing network's weights begin with.</summary>
    public const string PostfusePrefix = "postfuse_module.";

    private const string ImagePrefix = "image_encoder.";
    private const string VaePrefix = "vae.";    // a copy in half precision; the base's own decodes, as in the reference

    // The networks whose weights it changes, each with a name that says that it is there whole.
    private static readonly (ModelNetwork Network, string Whole, KeyMap Keys)[] Changed =
    [
        (ModelNetwork.UNet, "conv_in.weight", KeyMap.Home),
        (ModelNetwork.TextEncoder, "embeddings.token_embedding.weight", ClipKeys.InSingleFile),
    ];

    /// <summary>The networks of a checkpoint, and what it makes of the base model.</summary>
    /// <exception cref="InvalidCheckpointException">It is none, damaged, or for another base model.</exception>
    /// <exception cref="WeightMismatchException">A tensor is missing, left over or of another shape.</exception>
    public static FastComposerParts Load(BaseModel model)
    {
        var part = model.Folder.Adapter(FastComposerMethod.Name);
        using var weights = part.OpenWeights();
        var config = part.Settings() is { } settings ? FastComposerConfig.Read(settings) : FastComposerConfig.Released;
        WeightMismatchException.ThrowIfAny(weights.Path, Unknown(weights));
        var postfuse = LoadPostfuse(weights, model.UNet.Config.TextWidth, model.Folder.Loading);
        ClipVisionEncoder? encoder = null;
        try
        {
            encoder = LoadImageEncoder(weights, model.Folder);
            if (encoder.Config.Projection == postfuse.Config.ImageWidth)
            {
                return new(postfuse, encoder, ReadPatch(weights, model, config), config);
            }

            throw new InvalidCheckpointException(
                weights.Path, $"takes pictures as {postfuse.Config.ImageWidth} numbers, but its image encoder gives {encoder.Config.Projection}.");
        }
        catch
        {
            encoder?.Dispose();
            postfuse.Dispose();
            throw;
        }
    }

    /// <summary>Whether the words of the model's FastComposer, if it has one, are for a prior to imagine.</summary>
    public static bool IsImagined(ModelFolder folder) => folder.Adapters.Contains(FastComposerMethod.Name)
        && folder.Adapter(FastComposerMethod.Name).Settings() is { } settings && FastComposerConfig.Read(settings).IsImagined;

    /// <summary>The fusing network of a checkpoint.</summary>
    /// <param name="textWidth">Of the base model.</param>
    public static PostfuseNetwork LoadPostfuse(TensorArchive weights, int textWidth, ModelLoading? loading = null)
    {
        const string Whole = "whole FastComposer model";
        var width = weights.SideOf($"{PostfusePrefix}layer_norm.weight", 0, 1, Whole);
        var both = weights.SideOf($"{PostfusePrefix}mlp1.layernorm.weight", 0, 1, Whole);
        return width == textWidth
            ? Checkpoint.Load(() => new PostfuseNetwork(new(width, both - width)), weights, prefix: PostfusePrefix, loading: loading)
            : throw new InvalidCheckpointException(
                weights.Path,
                $"is FastComposer for {CheckpointKind.BaseOf(width)}, but the model is {CheckpointKind.BaseOf(textWidth)}; use the two that belong together.");
    }

    /// <summary>The image encoder: the checkpoint's, or the base's with those layers that the checkpoint has.</summary>
    public static ClipVisionEncoder LoadImageEncoder(TensorArchive weights, ModelFolder folder)
    {
        if (weights.Tensors.ContainsKey($"{ImagePrefix}vision_model.embeddings.class_embedding"))
        {
            var config = ReadVision(weights, folder);
            return Checkpoint.Load(() => new ClipVisionEncoder(config), weights, ClipKeys.PublishedVision, ImagePrefix, folder.Loading);
        }

        var encoder = ModelFolder.LoadImageEncoder(folder.EncoderFor(FastComposerMethod.Name));
        try
        {
            Overwrite(encoder, weights, ModelNetwork.ImageEncoder);
            return encoder;
        }
        catch
        {
            encoder.Dispose();
            throw;
        }
    }

    // The released one is of the published CLIP ViT-L/14, whose settings need not be there.
    private static ClipVisionConfig ReadVision(TensorArchive weights, ModelFolder folder)
    {
        var width = weights.SideOf($"{ImagePrefix}vision_model.embeddings.class_embedding", 0, 1, "image encoder");
        if (folder.HasEncoderFor(FastComposerMethod.Name))
        {
            var part = folder.EncoderFor(FastComposerMethod.Name);
            return ClipVisionConfig.Parse(part.ReadConfig(), part.ConfigPath);
        }

        return width == ClipVisionConfig.LargePatch14.Tower.Width
            ? ClipVisionConfig.LargePatch14
            : throw new ModelNotFoundException(
                folder.PathOf(ModelNetwork.ImageEncoder.Name(), ModelPart.ConfigName),
                $"is missing: the image encoder in {weights.Path} is {width} wide, which is not the published ViT-L/14; put its config.json there.");
    }

    /// <summary>Puts what a checkpoint has of a network over its weights.</summary>
    /// <exception cref="WeightMismatchException">It has what the network has not.</exception>
    public static void Overwrite(Module network, TensorArchive weights, ModelNetwork kind)
    {
        using var off = no_grad();
        var prefix = $"{kind.Name()}.";
        var own = network.state_dict();
        var changed = weights.Tensors.Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal)).ToArray();
        WeightMismatchException.ThrowIfAny(weights.Path, changed.Where(key => !own.ContainsKey(key[prefix.Length..]) && !LeftOvers.Has(key[prefix.Length..])));
        foreach (var key in changed.Where(key => own.ContainsKey(key[prefix.Length..])))
        {
            using var scope = NewDisposeScope();
            own[key[prefix.Length..]].copy_(weights.ToTensor(key));
        }
    }

    private static WeightPatch? ReadPatch(TensorArchive weights, BaseModel model, FastComposerConfig config)
    {
        var changes = Changed.SelectMany(item => NetworkChanges.Read(weights, item.Network, item.Whole, item.Keys, model)).ToList();
        return changes.Count > 0 || config.Cleaning != model.Tokenizer.Options.Cleaning
            ? WeightPatch.For(model, weights.Path, changes, config.Cleaning)
            : null;
    }

    private static IEnumerable<string> Unknown(TensorArchive weights) => weights.Tensors.Keys.Where(key => !Array.Exists(
        [PostfusePrefix, ImagePrefix, VaePrefix, .. Changed.Select(item => $"{item.Network.Name()}.")],
        prefix => key.StartsWith(prefix, StringComparison.Ordinal)));
}

/// <summary>What a checkpoint holds.</summary>
/// <param name="Patch">What it makes of the base model; null for nothing.</param>
internal sealed record FastComposerParts(PostfuseNetwork Postfuse, ClipVisionEncoder ImageEncoder, WeightPatch? Patch, FastComposerConfig Config) : IDisposable
{
    public void Dispose()
    {
        Postfuse.Dispose();
        ImageEncoder.Dispose();
        Patch?.Dispose();
    }
}
