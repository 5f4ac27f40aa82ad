using System.Text.Json;
using System.Text.Json.Nodes;
using Dramatis.Checkpoints;
using Dramatis.Configs;
using Dramatis.Errors;
using Dramatis.Weights;

namespace Dramatis.Methods.Lora;

/// <summary>What a LoRA file's header says of α: PEFT's settings, each with the network's name before it.</summary>
internal sealed class LoraHeader
{
    public const string Field = "lora_adapter_metadata";

    private readonly ConfigReader? settings;

    private LoraHeader(ConfigReader? settings) => this.settings = settings;

    /// <exception cref="InvalidCheckpointException">The header asks for a kind of change that is not a sum of low-rank ones.</exception>
    public static LoraHeader Of(TensorArchive archive)
    {
        if (!archive.Metadata.TryGetValue(Field, out var text))
        {
            return new(null);
        }

        var settings = ConfigReader.Parse(text, archive.Path);
        return !PatchableNetworks.All.Any(network => settings.Bool($"{network.Name()}.use_dora", false))
            ? new(settings)
            : throw new InvalidCheckpointException(archive.Path, "is a DoRA, which rescales weights besides; use a plain LoRA.");
    }

    /// <summary>α / r of a layer; α is the rank where nobody says otherwise.</summary>
    /// <param name="stored">α as the file has it beside the layer, or null.</param>
    public double FactorOf(LoraTarget target, int rank, double? stored)
    {
        var alpha = AlphaOf(target) ?? stored ?? rank;
        return alpha / (settings?.Bool($"{target.Network.Name()}.use_rslora", false) == true ? Math.Sqrt(rank) : rank);
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

        var pattern = settings.Section($"{target.Network.Name()}.alpha_pattern");
        var found = pattern?.Fields.FirstOrDefault(field => $".{target.Layer}".EndsWith($".{field}", StringComparison.Ordinal));
        return found is not null ? pattern!.Number(found) : settings.OptionalNumber($"{target.Network.Name()}.lora_alpha");
    }
}
