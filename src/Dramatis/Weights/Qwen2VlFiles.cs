using System.Globalization;
using Dramatis.Networks.Qwen2Vl;

namespace Dramatis.Weights;

/// <summary>Qwen2-VL as it is published: a folder of transformers, with the names of before or after version 4.52.</summary>
internal static class Qwen2VlFiles
{
    private const string Layer = "model.layers.";

    /// <summary>The settings in a folder.</summary>
    /// <exception cref="Errors.ModelNotFoundException">There are none.</exception>
    /// <exception cref="Errors.InvalidConfigException">They are malformed or another network's.</exception>
    public static Qwen2VlConfig ReadConfig(ModelPart part) => Qwen2VlConfig.Parse(part.ReadConfig(), part.ConfigPath);

    /// <summary>Loads all of a network that stands alone.</summary>
    /// <exception cref="Errors.DramatisException">It is missing, damaged, or another network.</exception>
    public static Qwen2VlModel Load(ModelPart part)
    {
        var config = ReadConfig(part);
        using var weights = part.OpenWeights();
        using var renamed = new RenamedArchive(weights, HomeName);
        return Checkpoint.Load(() => new Qwen2VlModel(config), renamed, loading: part.Loading);
    }

    /// <summary>The network's name for a tensor of either naming; null for the head, whose weights are the tokens' own or are not asked for.</summary>
    public static string? HomeName(string name) =>
        name == "lm_head.weight" ? null
        : name.StartsWith("model.visual.", StringComparison.Ordinal) ? name["model.".Length..]
        : name.StartsWith("model.language_model.", StringComparison.Ordinal) ? $"model.{name["model.language_model.".Length..]}"
        : name;

    /// <summary>Which layer of the language model a tensor belongs to, and its name inside that layer; null for what belongs to none.</summary>
    /// <param name="name">As <see cref="HomeName"/> gives it.</param>
    public static (int Layer, string Name)? LayerOf(string name) =>
        name.StartsWith(Layer, StringComparison.Ordinal) && name.IndexOf('.', Layer.Length) is > 0 and var end
            && int.TryParse(name.AsSpan(Layer.Length, end - Layer.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var layer)
            ? (layer, name[(end + 1)..])
            : null;
}
