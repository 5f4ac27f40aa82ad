using Dramatis.Checkpoints;
using Dramatis.Checkpoints.Kinds;
using Dramatis.Errors;
using Dramatis.Networks.UNet;

namespace Dramatis.Weights.Catalog;

/// <summary>How weights lie on the disk.</summary>
public enum WeightsForm
{
    /// <summary>A base model in the layout of diffusers.</summary>
    ModelFolder,

    /// <summary>A base model in one file.</summary>
    SingleFile,

    /// <summary>What goes with a base model, or a part of one: an adapter, a LoRA, a ControlNet.</summary>
    Weights,
}

/// <summary>What a path holds, by the names and widths of its weights; nothing is loaded.</summary>
/// <param name="Kind">For people, for example <c>base model</c> or <c>IP-Adapter Plus</c>.</param>
/// <param name="Can">What a base model can do: ways to paint, methods it has an adapter for, and <c>prior</c> if it needs no picture of a subject.</param>
/// <param name="TextWidth">How wide the text is that it reads, which tells what goes with what; null when that cannot be told.</param>
public sealed record ModelContents(WeightsForm Form, string Kind, IReadOnlyList<string> Can, long? TextWidth = null)
{
    /// <summary>The <see cref="Kind"/> of a network in ONNX form that cuts subjects out of photographs.</summary>
    public const string Matting = "matting model";

    private const string OnnxEnding = ".onnx";

    private static readonly ModelNetwork[] Needed = [ModelNetwork.UNet, ModelNetwork.Vae, ModelNetwork.TextEncoder];

    /// <summary>The published base models of that width; null for other widths.</summary>
    public string? Family => TextWidth is { } width ? CheckpointKind.FamilyOf(width) : null;

    /// <summary>Whether it paints by itself.</summary>
    public bool IsBaseModel => Form != WeightsForm.Weights;

    /// <summary>Reads settings and the heads of all weights.</summary>
    /// <exception cref="ModelNotFoundException">There is no such path, or a part of the model is missing.</exception>
    /// <exception cref="InvalidConfigException">Settings are malformed.</exception>
    /// <exception cref="InvalidCheckpointException">Weights are damaged, or of no kind known here.</exception>
    /// <exception cref="WeightMismatchException">A single file holds tensors that belong to no model.</exception>
    /// <param name="path">A folder or file.</param>
    /// <param name="loading">What a base model is read with, besides; null for nothing.</param>
    public static ModelContents Of(string path, ModelLoading? loading = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!Path.Exists(path))
        {
            throw new ModelNotFoundException(path, FileProblem.NotThere(path, "there is no such folder or file."));
        }

        if (File.Exists(Path.Combine(path, ModelFolder.IndexName)))
        {
            return OfModel(path, WeightsForm.ModelFolder, loading);
        }

        if (Path.GetExtension(path).Equals(OnnxEnding, StringComparison.OrdinalIgnoreCase))
        {
            return new(WeightsForm.Weights, Matting, []);
        }

        using var weights = Directory.Exists(path) ? ModelPart.OpenWeights(path) : TensorArchive.Open(path);
        var kind = CheckpointKind.Of(weights) ?? throw new InvalidCheckpointException(
            path, "its tensors are of no kind known here; give a base model, or weights that go with one.");
        return kind.IsBaseModel ? OfModel(weights.Path, WeightsForm.SingleFile, loading) : new(WeightsForm.Weights, kind.Name, [], kind.TextWidth);
    }

    private static ModelContents OfModel(string path, WeightsForm form, ModelLoading? loading)
    {
        var model = ModelFolder.Open(path, loading);
        foreach (var network in model.Has(ModelNetwork.SecondTextEncoder) ? [.. Needed, ModelNetwork.SecondTextEncoder] : Needed)
        {
            model.Part(network).OpenWeights().Dispose();
        }

        _ = model.ReadScheduler();
        var part = model.Part(ModelNetwork.UNet);
        var unet = UNetConfig.Parse(part.ReadConfig(), part.ConfigPath);
        return new(form, "base model", [PaintsFrom(unet), .. model.Adapters, .. PriorOf(model)], unet.TextWidth);
    }

    private static IEnumerable<string> PriorOf(ModelFolder model) => model.Has(ModelNetwork.Prior) ? [ModelNetwork.Prior.Name()] : [];

    // The network's input is the latents, or these with a mask and the latents of what stays.
    private static string PaintsFrom(UNetConfig unet) => unet.InChannels > unet.OutChannels ? "inpainting" : "text-to-image";
}
