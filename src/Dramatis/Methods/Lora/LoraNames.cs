using System.Diagnostics;
using Dramatis.Weights;

namespace Dramatis.Methods.Lora;

/// <summary>A layer whose weight can be changed.</summary>
/// <param name="Layer">The layer's path in its network.</param>
internal readonly record struct LoraTarget(ModelNetwork Network, string Layer, IReadOnlyList<long> Shape)
{
    public string Weight => $"{Layer}.weight";

    public string Bias => $"{Layer}.bias";
}

/// <summary>The names that files of changes have for the layers of a model.</summary>
/// <remarks>Made from the model's own layers: kohya's underscores cannot be told from dots, and its names for SDXL are those of another code.</remarks>
internal sealed class LoraNames
{
    private const string KohyaUNet = "lora_unet";
    private const string TextRoot = "text_model.";

    // What processors of diffusers before 0.20 called the layers of an attention, and the text encoder's.
    private static readonly (string Layer, string Old)[] OldNames =
    [
        (".to_q", ".processor.to_q"), (".to_k", ".processor.to_k"), (".to_v", ".processor.to_v"), (".to_out.0", ".processor.to_out"),
        (".self_attn.q_proj", ".self_attn.to_q"), (".self_attn.k_proj", ".self_attn.to_k"), (".self_attn.v_proj", ".self_attn.to_v"),
        (".self_attn.out_proj", ".self_attn.to_out"),
    ];

    private readonly Dictionary<string, List<LoraTarget>> targets = new(StringComparer.Ordinal);

    public LoraNames(IPatchable model)
    {
        var original = LdmKeys.OriginalNames(model.UNet.Config);
        foreach (var target in Layers(model))
        {
            foreach (var name in NamesOf(target, original).Distinct())
            {
                if (!targets.TryAdd(name, [target]))
                {
                    targets[name].Add(target);
                }
            }
        }
    }

    /// <summary>The layers of a model that have a matrix or a kernel.</summary>
    public static IEnumerable<LoraTarget> Targets(IPatchable model) => Layers(model).Where(target => target.Shape.Count >= 2);

    /// <summary>The layers of a name in any of the formats: none, one, or one of each text encoder where the name does not say which.</summary>
    public IReadOnlyList<LoraTarget> Find(string name) => targets.TryGetValue(name, out var found) ? found : [];

    /// <summary>The name that kohya's files have for a layer.</summary>
    /// <param name="isOneOfTwo">Whether the model has two text encoders.</param>
    public static string Kohya(ModelNetwork network, string layer, bool isOneOfTwo)
    {
        var prefix = network switch
        {
            ModelNetwork.UNet => KohyaUNet,
            ModelNetwork.TextEncoder => isOneOfTwo ? "lora_te1" : "lora_te",
            ModelNetwork.SecondTextEncoder => "lora_te2",
            _ => throw new UnreachableException($"{network} has no low-rank changes."),
        };
        return Underscored(prefix, layer);
    }

    private static IEnumerable<LoraTarget> Layers(IPatchable model) =>
        from network in PatchableNetworks.All
        where model.NetworkOf(network) is not null
        from item in model.NetworkOf(network)!.named_parameters()
        where item.name.EndsWith(".weight", StringComparison.Ordinal)
        select new LoraTarget(network, item.name[..^".weight".Length], item.parameter.shape);

    private static IEnumerable<string> NamesOf(LoraTarget target, IReadOnlyDictionary<string, string> original)
    {
        var network = target.Network;
        foreach (var layer in Spellings(target.Layer))
        {
            yield return layer;
            yield return $"base_model.model.{layer}";
            yield return $"{network.Name()}.{layer}";
            yield return $"{network.Name()}.base_model.model.{layer}";
            yield return Kohya(network, layer, isOneOfTwo: false);
            yield return Kohya(network, layer, isOneOfTwo: true);
            if (network != ModelNetwork.UNet)
            {
                yield return $"text_encoders.{network.TowerName()}.transformer.{layer}";
            }
        }

        if (network == ModelNetwork.UNet)
        {
            yield return Underscored("lycoris", target.Layer);
            if (OriginalName(original, target.Layer) is { } name)
            {
                yield return Underscored(KohyaUNet, name);
                yield return $"diffusion_model.{name}";
                yield return $"model.diffusion_model.{name}";
            }
        }
    }

    // Newer text encoders lack the first word.
    private static IEnumerable<string> Spellings(string layer)
    {
        yield return layer;
        if (layer.StartsWith(TextRoot, StringComparison.Ordinal))
        {
            yield return layer[TextRoot.Length..];
        }

        if (OldNames.FirstOrDefault(pair => layer.EndsWith(pair.Layer, StringComparison.Ordinal)) is { Old: not null } old)
        {
            yield return $"{layer[..^old.Layer.Length]}{old.Old}";
        }
    }

    // By the longest beginning that is known.
    private static string? OriginalName(IReadOnlyDictionary<string, string> names, string layer)
    {
        for (var end = layer.Length; end > 0; end = layer.LastIndexOf('.', end - 1))
        {
            if (names.TryGetValue(layer[..end], out var original))
            {
                return original + layer[end..];
            }
        }

        return null;
    }

    private static string Underscored(string prefix, string layer) => $"{prefix}_{layer.Replace('.', '_')}";
}
