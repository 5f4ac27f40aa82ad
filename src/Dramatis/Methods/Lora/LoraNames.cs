using System.Diagnostics;
using Dramatis.Weights;

namespace Dramatis.Methods.Lora;

/// <summary>A weight that can have a low-rank change.</summary>
/// <param name="Layer">The layer's path in its network.</param>
internal readonly record struct LoraTarget(ModelNetwork Network, string Layer, IReadOnlyList<long> Shape)
{
    public string Weight => $"{Layer}.weight";
}

/// <summary>The names that LoRA files have for the layers of a model.</summary>
/// <remarks>Made from the model's own layers: kohya's underscores cannot be told from dots, and its names for SDXL are those of another code.</remarks>
internal sealed class LoraNames
{
    private const string KohyaUNet = "lora_unet";

    // What processors of diffusers before 0.20 called the layers of an attention, and the text encoder's.
    private static readonly (string Layer, string Old)[] OldNames =
    [
        (".to_q", ".processor.to_q"), (".to_k", ".processor.to_k"), (".to_v", ".processor.to_v"), (".to_out.0", ".processor.to_out"),
        (".self_attn.q_proj", ".self_attn.to_q"), (".self_attn.k_proj", ".self_attn.to_k"), (".self_attn.v_proj", ".self_attn.to_v"),
        (".self_attn.out_proj", ".self_attn.to_out"),
    ];

    private readonly Dictionary<string, LoraTarget> targets = new(StringComparer.Ordinal);

    public LoraNames(IPatchable model)
    {
        var original = LdmKeys.OriginalNames(model.UNet.Config);
        foreach (var target in Targets(model))
        {
            foreach (var name in NamesOf(target, original))
            {
                targets.TryAdd(name, target);
            }
        }
    }

    /// <summary>The layers of a model that have a matrix or a kernel.</summary>
    public static IEnumerable<LoraTarget> Targets(IPatchable model) =>
        from network in PatchableNetworks.All
        where model.NetworkOf(network) is not null
        from item in model.NetworkOf(network)!.named_parameters()
        where item.name.EndsWith(".weight", StringComparison.Ordinal) && item.parameter.shape.Length >= 2
        select new LoraTarget(network, item.name[..^".weight".Length], item.parameter.shape);

    /// <summary>The layer of a name in any of the formats, or null.</summary>
    public LoraTarget? Find(string name) => targets.TryGetValue(name, out var target) ? target : null;

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

    private static IEnumerable<string> NamesOf(LoraTarget target, IReadOnlyDictionary<string, string> original)
    {
        var (network, layer, _) = target;
        yield return $"{network.Name()}.{layer}";
        yield return Kohya(network, layer, isOneOfTwo: false);
        yield return Kohya(network, layer, isOneOfTwo: true);
        var old = OldNames.FirstOrDefault(pair => layer.EndsWith(pair.Layer, StringComparison.Ordinal));
        if (old.Old is not null)
        {
            yield return $"{network.Name()}.{layer[..^old.Layer.Length]}{old.Old}";
        }

        if (network == ModelNetwork.UNet)
        {
            yield return layer;
            yield return $"base_model.model.{layer}";
            if (old.Old is not null)
            {
                yield return layer[..^old.Layer.Length] + old.Old;
            }

            if (OriginalName(original, layer) is { } name)
            {
                yield return Underscored(KohyaUNet, name);
            }
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
