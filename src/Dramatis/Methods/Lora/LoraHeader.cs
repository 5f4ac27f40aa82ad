using System.Text.Json;
using System.Text.Json.Nodes;
using Dramatis.Checkpoints;
using Dramatis.Configs;
using Dramatis.Errors;
using Dramatis.Weights;

namespace Dramatis.Methods.Lora;

/// <summary>
/// What is said of α outside the tensors: PEFT's settings, in a file's header with the network's name before each, or in a file of PEFT's beside.
/// </summary>
internal sealed class LoraHeader
{
    public const string Field = "lora_adapter_metadata";

    private const string PeftFile = "adapter_config.json";
    private const string PeftPrefix = "base_model.model.";

    private readonly ConfigReader? settings;
    private readonly bool isOfAll;

    private LoraHeader(ConfigReader? settings, bool isOfAll = false) => (this.settings, this.isOfAll) = (settings, isOfAll);

    /// <exception cref="InvalidConfigException">The settings are malformed.</exception>
    public static LoraHeader Of(TensorArchive archive)
    {
        if (archive.Metadata.TryGetValue(Field, out var text))
        {
            return new(ConfigReader.Parse(text, archive.Path));
        }

        var beside = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(archive.Path))!, PeftFile);
        return File.Exists(beside) && archive.Tensors.Keys.Any(name => name.StartsWith(PeftPrefix, StringComparison.Ordinal))
            ? new(ConfigReader.Load(beside), isOfAll: true)
            : new(null);
    }

    /// <summary>Whether a network's changes are said to be DoRA's.</summary>
    public bool SaysDora(ModelNetwork network) => settings?.Bool(Name(network, "use_dora"), false) == true;

    /// <summary>α / r of a layer; α is the rank where nobody says otherwise.</summary>
    /// <param name="stored">α as the file has it beside the layer, or null.</param>
    public double FactorOf(LoraTarget target, long rank, double? stored)
    {
        var alpha = AlphaOf(target) ?? stored ?? rank;
        return alpha / (settings?.Bool(Name(target.Network, "use_rslora"), false) == true ? Math.Sqrt(rank) : rank);
    }

    /// <summary>The header for changes of one factor, or of several.</summary>
    public static string Write(IEnumerable<(ModelNetwork Network, string Layer, int Rank, double Factor)> layers)
    {
        var all = new JsonObject();
        foreach (var part in layers.GroupBy(layer => layer.Network.Name()))
        {
            var usual = part.First();
            all[$"{part.Key}.r"] = usual.Rank;
            all[$"{part.Key}.lora_alpha"] = usual.Factor * usual.Rank;
            all[$"{part.Key}.rank_pattern"] = Pattern(part.Where(layer => layer.Rank != usual.Rank).Select(layer => (layer.Layer, (JsonNode)layer.Rank)));
            all[$"{part.Key}.alpha_pattern"] = Pattern(part
                .Where(layer => layer.Factor * layer.Rank != usual.Factor * usual.Rank)
                .Select(layer => (layer.Layer, (JsonNode)(layer.Factor * layer.Rank))));
        }

        return all.ToJsonString(new JsonSerializerOptions());
    }

    private static JsonObject Pattern(IEnumerable<(string Layer, JsonNode Value)> items) =>
        [.. items.Select(item => KeyValuePair.Create<string, JsonNode?>(item.Layer, item.Value))];

    // A pattern names layers by the end of their paths.
    private double? AlphaOf(LoraTarget target)
    {
        if (settings is null)
        {
            return null;
        }

        var pattern = settings.Section(Name(target.Network, "alpha_pattern"));
        var found = pattern?.Fields.FirstOrDefault(field => $".{target.Layer}".EndsWith($".{field}", StringComparison.Ordinal));
        return found is not null ? pattern!.Number(found)
            : settings.OptionalNumber(Name(target.Network, "lora_alpha")) ?? settings.OptionalNumber(Name(target.Network, "alpha"));
    }

    private string Name(ModelNetwork network, string field) => isOfAll ? field : $"{network.Name()}.{field}";
}
