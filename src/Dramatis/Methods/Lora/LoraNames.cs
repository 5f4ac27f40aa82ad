using Dramatis.Weights;

namespace Dramatis.Methods.Lora;

/// <summary>A weight that can have a low-rank change.</summary>
/// <param name="Layer">The layer's path in its network.</param>
internal readonly record struct LoraTarget(string Part, string Layer, IReadOnlyList<long> Shape)
{
    public string Weight => $"{Layer}.weight";
}

/// <summary>The names that LoRA files have for the layers of a model.</summary>
/// <remarks>Made from the model's own layers: kohya's underscores cannot be told from dots, and its names for SDXL are those of another code.</remarks>
internal sealed class LoraNames
{
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
        var original = OriginalNames.Of(model.UNet.Config);
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
        from part in PatchableNetworks.Parts
        where model.NetworkOf(part) is not null
        from item in model.NetworkOf(part)!.named_parameters()
        where item.name.EndsWith(".weight", StringComparison.Ordinal) && item.parameter.shape.Length >= 2
        select new LoraTarget(part, item.name[..^".weight".Length], item.parameter.shape);

    /// <summary>The layer of a name in any of the formats, or null.</summary>
    public LoraTarget? Find(string name) => targets.TryGetValue(name, out var target) ? target : null;

    /// <summary>The name that kohya's files have for a layer.</summary>
    /// <param name="isOneOfTwo">Whether the model has two text encoders.</param>
    public static string Kohya(string part, string layer, bool isOneOfTwo) =>
        Underscored(part == "unet" ? "lora_unet" : part == "text_encoder_2" ? "lora_te2" : isOneOfTwo ? "lora_te1" : "lora_te", layer);

    private static IEnumerable<string> NamesOf(LoraTarget target, IReadOnlyDictionary<string, string> original)
    {
        var (part, layer, _) = target;
        yield return $"{part}.{layer}";
        yield return Kohya(part, layer, isOneOfTwo: false);
        yield return Kohya(part, layer, isOneOfTwo: true);
        var old = OldNames.FirstOrDefault(pair => layer.EndsWith(pair.Layer, StringComparison.Ordinal));
        if (old.Old is not null)
        {
            yield return $"{part}.{layer[..^old.Layer.Length]}{old.Old}";
        }

        if (part == "unet")
        {
            yield return layer;
            yield return $"base_model.model.{layer}";
            if (old.Old is not null)
            {
                yield return layer[..^old.Layer.Length] + old.Old;
            }

            if (OriginalNames.Find(original, layer) is { } name)
            {
                yield return Underscored("lora_unet", name);
            }
        }
    }

    private static string Underscored(string prefix, string layer) => $"{prefix}_{layer.Replace('.', '_')}";
}
