using System.Globalization;
using Dramatis.Checkpoints;
using Dramatis.Conditioning;
using Dramatis.Weights;

namespace Dramatis.Methods.EasyRef;

/// <summary>The names of published checkpoints, which hold the whole training module, to those of the network.</summary>
internal static class EasyRefNames
{
    public const string LanguagePrefix = "multimodal_llm.";
    public const string FinalPrefix = "mllm_final_layer.";
    public const string TokenTable = $"{FinalPrefix}reference_tokens";
    public const string AdapterPrefix = "adapter_modules.";

    private const string ModulePrefix = "module.";    // of DeepSpeed's states, beside which lies more
    private const string DenoiserPrefix = "unet.";
    private const string Processor = ".processor.";
    private const string Crossing = "attn2";
    private const string OwnAttention = "attn1";

    /// <summary>A checkpoint under the network's names, that of the denoiser as <c>unet.*</c>.</summary>
    /// <remarks>
    /// The same tensors may lie in it under the denoiser's attention layers and in a list of these, or in one of the two alone: <c>torch.save</c> keeps
    /// both names, safetensors the first, and so does this.
    /// </remarks>
    public static TensorArchive Open(TensorArchive checkpoint, IReadOnlyList<AttentionSite> sites)
    {
        var numbers = Layers(sites).ToDictionary(layer => layer.Path, layer => layer.Number);
        var isState = checkpoint.Tensors.ContainsKey(ModulePrefix + TokenTable);
        return new RenamedArchive(checkpoint, stored =>
            !isState ? Rename(stored, numbers)
            : stored.StartsWith(ModulePrefix, StringComparison.Ordinal) ? Rename(stored[ModulePrefix.Length..], numbers)
            : null);
    }

    /// <summary>All attention layers of the denoiser, and their numbers in the list.</summary>
    public static IEnumerable<(string Path, string Number)> Layers(IReadOnlyList<AttentionSite> sites) => sites.SelectMany(site => new[]
    {
        (site.Path[..^Crossing.Length] + OwnAttention, Text(site.LayerNumber - 1)),
        (site.Path, Text(site.LayerNumber)),
    });

    /// <summary>The language model's own files: its last layer and its last norm are where the final layer begins.</summary>
    /// <param name="layers">Of the language model.</param>
    public static TensorArchive OpenBase(TensorArchive files, int layers) => new RenamedArchive(files, stored =>
        Qwen2VlFiles.HomeName(stored) is not { } name ? null
        : Qwen2VlFiles.LayerOf(name) is not { } found || found.Layer < layers - 1 ? LanguagePrefix + name
        : found.Layer == layers - 1 ? $"{FinalPrefix}layers.0.{found.Name}"
        : name);

    private static string? Rename(string name, Dictionary<string, string> numbers)
    {
        if (name.StartsWith(LanguagePrefix, StringComparison.Ordinal))
        {
            return Qwen2VlFiles.HomeName(name[LanguagePrefix.Length..]) is { } home ? LanguagePrefix + home : null;
        }

        var end = name.IndexOf(Processor, StringComparison.Ordinal);
        return end > 0 && name.StartsWith(DenoiserPrefix, StringComparison.Ordinal) && numbers.TryGetValue(name[DenoiserPrefix.Length..end], out var number)
            ? $"{AdapterPrefix}{number}.{name[(end + Processor.Length)..]}"
            : name;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
