using Dramatis.Checkpoints;
using Dramatis.Checkpoints.Kinds;
using Dramatis.Errors;
using Dramatis.Networks.UNet;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Methods.EasyRef;

/// <summary>A checkpoint on disk: of stage 1, or of stage 2 or 3, whole or without what is frozen, beside the language model's folder.</summary>
internal static class EasyRefFile
{
    private const string Whole = "EasyRef checkpoint";
    private const string Denoiser = "unet.";
    private const string Down = "_lora.down.weight";
    private const string Up = "_lora.up.weight";
    private const string Image = "_ip.weight";

    private static readonly string[] Prefixes =
        [Denoiser, EasyRefNames.AdapterPrefix, EasyRefNames.FinalPrefix, EasyRefNames.LanguagePrefix, "image_proj_model."];

    /// <summary>The network of a checkpoint.</summary>
    /// <param name="checkpoint">Under the names of <see cref="EasyRefNames.Open"/>.</param>
    /// <param name="language">The folder of the multimodal language model. Weights in it are read where the checkpoint has none.</param>
    /// <exception cref="InvalidCheckpointException">It is none, or for another base model or language model.</exception>
    /// <exception cref="WeightMismatchException">A tensor is missing, left over or of another shape.</exception>
    public static EasyRefNetwork LoadNetwork(TensorArchive checkpoint, ModelPart language, UNet unet, ModelLoading? loading = null)
    {
        var sizes = SizesOf(checkpoint, Qwen2VlFiles.ReadConfig(language), language.Folder);
        if (sizes.TokenWidth != unet.Config.TextWidth)
        {
            throw new InvalidCheckpointException(
                checkpoint.Path,
                $"is EasyRef for {CheckpointKind.BaseOf(sizes.TokenWidth)}, but the model is {CheckpointKind.BaseOf(unet.Config.TextWidth)}; use the two that "
                    + "belong together.");
        }

        using var own = new RenamedArchive(checkpoint, name => IsOfDenoiser(name) ? null : name);
        if (ModelPart.FindWeights(language.Folder) is not { } files)
        {
            return Load(own);
        }

        using var weights = TensorArchive.Open(files);
        using var published = EasyRefNames.OpenBase(weights, sizes.Base.Layers);
        using var joined = new JoinedArchive(own, published);
        return Load(joined);

        EasyRefNetwork Load(TensorArchive archive) => Checkpoint.Load(() => new EasyRefNetwork(sizes, unet.Sites), archive, loading: loading);
    }

    /// <summary>What a checkpoint makes of the denoiser: its own copy of it, and changes of low rank; null for nothing.</summary>
    /// <exception cref="WeightMismatchException">It is for another base model.</exception>
    public static WeightPatch? ReadPatch(TensorArchive checkpoint, IPatchable model, BaseWeights kept)
    {
        IEnumerable<WeightChange> own = kept == BaseWeights.Base ? []
            : NetworkChanges.Read(checkpoint, ModelNetwork.UNet, "conv_in.weight", KeyMap.Home, model);
        List<WeightChange> changes = [.. own, .. LowRank(checkpoint, model.UNet)];
        return changes.Count == 0 ? null : WeightPatch.For(model, checkpoint.Path, changes);
    }

    /// <exception cref="WeightMismatchException">It holds what belongs to no part of EasyRef.</exception>
    public static void RefuseUnknown(TensorArchive checkpoint) => WeightMismatchException.ThrowIfAny(
        checkpoint.Path,
        checkpoint.Tensors.Keys.Where(name => !Array.Exists(Prefixes, prefix => name.StartsWith(prefix, StringComparison.Ordinal))));

    private static EasyRefSizes SizesOf(TensorArchive checkpoint, Networks.Qwen2Vl.Qwen2VlConfig language, string folder)
    {
        var width = checkpoint.SideOf(EasyRefNames.TokenTable, 1, 2, Whole);
        return width == language.Width
            ? new(language, checkpoint.SideOf(EasyRefNames.TokenTable, 0, 2, Whole), checkpoint.SideOf("image_proj_model.proj.3.weight", 0, 1, Whole))
            : throw new InvalidCheckpointException(
                checkpoint.Path,
                $"was trained on a language model {width} wide, but the one in {folder} is {language.Width} wide; put Qwen2-VL of the right size there "
                    + "(2B is 1536 wide).");
    }

    private static bool IsOfDenoiser(string name) => name.StartsWith(Denoiser, StringComparison.Ordinal)
        || (name.StartsWith(EasyRefNames.AdapterPrefix, StringComparison.Ordinal) && !name.EndsWith(Image, StringComparison.Ordinal));

    // Each attention layer, of the cells among themselves and to the text, may have four.
    private static IEnumerable<LowRankChange> LowRank(TensorArchive checkpoint, UNet unet)
    {
        var names = checkpoint.Tensors.Keys.Where(name => name.StartsWith(EasyRefNames.AdapterPrefix, StringComparison.Ordinal) && IsOfDenoiser(name));
        var layers = EasyRefNames.Layers(unet.Sites).ToDictionary(layer => layer.Number, layer => layer.Path);
        var weights = names.ToLookup(name => WeightOf(name, layers));
        WeightMismatchException.ThrowIfAny(
            checkpoint.Path, weights[null].Concat(weights.Where(pair => pair.Key is not null && pair.Count() != 2).SelectMany(pair => pair)));
        return weights.Select(pair => new LowRankChange(
            ModelNetwork.UNet, pair.Key!, Read(pair.First(name => name.EndsWith(Down, StringComparison.Ordinal))),
            Read(pair.First(name => name.EndsWith(Up, StringComparison.Ordinal))), Factor: 1));

        Tensor Read(string name) => checkpoint.ToTensor(name, ScalarType.Float32).DetachFromDisposeScope();
    }

    // adapter_modules.3.to_out_lora.up.weight to ….attn2.to_out.0.weight.
    private static string? WeightOf(string name, Dictionary<string, string> layers)
    {
        var parts = name[EasyRefNames.AdapterPrefix.Length..].Split('.', 2);
        var ending = Array.Find([Down, Up], ending => parts.Length == 2 && parts[1].EndsWith(ending, StringComparison.Ordinal));
        return ending is null || !layers.TryGetValue(parts[0], out var layer) ? null : parts[1][..^ending.Length] switch
        {
            "to_q" or "to_k" or "to_v" => $"{layer}.{parts[1][..^ending.Length]}.weight",
            "to_out" => $"{layer}.to_out.0.weight",
            _ => null,
        };
    }
}
