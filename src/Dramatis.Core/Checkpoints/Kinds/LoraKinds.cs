using System.Globalization;

namespace Dramatis.Checkpoints.Kinds;

/// <summary>Changes of a model's layers, in all published layouts.</summary>
internal static class LoraKinds
{
    private const string Unsupported = ", which is not supported";
    private const string OfTransformers = $"LoRA of FLUX, Stable Diffusion 3 or another transformer{Unsupported}";
    private const string Words = "bundle_emb.";
    private const string OfUNet = $"({LayerNames.UNetLayers}|{LayerNames.UNetNorms})";
    private const string OfText = $"({LayerNames.TextLayers}|{LayerNames.TextNorms})";

    // Kohya's names have underscores for dots.
    private static readonly NamePattern[] Layers =
    [
        $"(unet.|)(base_model.model.|){OfUNet}", $"(text_encoder.|text_encoder_2.|)(base_model.model.|){OfText}",
        $"text_encoders.clip_(l|g).transformer.{OfText}",
        $"(model.|)diffusion_model.({LayerNames.LdmLayers}|{LayerNames.LdmNorms})", "*(attn#.processor|self_attn).to_(q|k|v|out)",
        Underscored("(lora_unet|lycoris)", OfUNet), Underscored("lora_unet", $"({LayerNames.LdmLayers}|{LayerNames.LdmNorms})"),
        Underscored("lora_(te|te1|te2)", OfText),
    ];

    private static readonly NamePattern Counted = "(unet|text_encoder|text_encoder_2):#:(up|down)";
    private static readonly (NamePattern Name, string Fits) Sdxl = ("(lora_te2_|text_encoder_2.|text_encoders.clip_g.)*", FamilyNames.Sdxl);

    public static IReadOnlyList<KindRule> All { get; } =
    [
        new($"(IA)³{Unsupported}", "*.(ia3_l|on_input)*"),
        new($"BOFT{Unsupported}", "*.boft_*"),
        new($"OFT{Unsupported}", "*.oft_*"),
        new($"GLoRA of LyCORIS{Unsupported}", "*.a1.weight", "*.b1.weight"),
        new($"VeRA{Unsupported}", "*vera_lambda_*"),
        new($"AdaLoRA{Unsupported}", "*.lora_E*"),
        new($"LoRA of embeddings{Unsupported}", "*.lora_embedding_(A|B)*"),
        new($"FourierFT{Unsupported}", "*.fourierft_*"),
        new(OfTransformers, "*(double_blocks|single_blocks|single_transformer_blocks|joint_blocks)(.|_)*.lora_*"),
        new(OfTransformers, "(transformer.|lora_transformer_|base_model.model.transformer_blocks.)*.lora_*"),
        Changes("LoHa of LyCORIS", "*attn2(.|_)to_(k|v).hada_w1_b*", "*.hada_w1_*"),
        Changes("LoKr of LyCORIS", null, "*.lokr_w(1|2)*"),
        Changes("DoRA", "*attn2(.|_)to_(k|v).lora_(down|A)*", "*.(dora_scale|lora_magnitude_vector*)"),
        Changes("LoRA (kohya layout)", "*attn2_to_(k|v).lora_down.weight", "*.lora_(down|up|mid).weight"),
        Changes("LoRA (PEFT layout)", "*attn2.to_(k|v).lora_A*weight", "*.lora_(A|B).(*.|)weight"),
        Changes("LoRA (diffusers layout)", "*attn2.to_(k|v).(lora|lora_linear_layer).down.weight", "*.(lora|lora_linear_layer).(down|up).weight"),
        Changes("LoRA (old diffusers layout)", "*attn2.processor.to_(k|v)_lora.down.weight", "*_lora.(down|up).weight"),
        Changes("differences of weights (LyCORIS)", "*attn2(.|_)to_(k|v).diff", "*.(diff|diff_b|w_norm|b_norm)"),
        new("LoRA (cloneofsimo's layout)", Counted) { Type = CheckpointType.Lora, Facts = LoraFacts.Counted },
        new("LoRA (cloneofsimo's layout)", "0", "1") { Type = CheckpointType.Lora, Also = AreUpsAndDowns, Facts = LoraFacts.Counted },
    ];

    /// <summary>Whether a file has numbers instead of the layers' names.</summary>
    public static bool Counts(TensorArchive archive) => Counted.Find(archive) is not null || AreUpsAndDowns(archive);

    private static KindRule Changes(string name, NamePattern? width, params NamePattern[] needs) => new(name, needs)
    {
        Type = CheckpointType.Lora,
        Width = width,
        Otherwise = Sdxl,
        Facts = LoraFacts.Named,
        IsName = IsName,
    };

    private static bool IsName(string name) => name.StartsWith(Words, StringComparison.Ordinal)
        || (LayerKey.Of(name) is { } key && Array.Exists(Layers, layer => layer.Matches(key.Layer)));

    private static NamePattern Underscored(string prefix, string layers) => $"{prefix}_{layers.Replace('.', '_')}";

    // A list: (out, r), (r, in), (out, r), ...
    private static bool AreUpsAndDowns(TensorArchive archive) =>
        archive.Tensors.Count is > 0 and var count && count % 2 == 0
        && Enumerable.Range(0, count / 2).All(pair =>
            Find(archive, 2 * pair) is { Shape: [_, var rank, ..] } && Find(archive, (2 * pair) + 1) is { Shape: [var other, _, ..] } && rank == other);

    private static TensorEntry? Find(TensorArchive archive, int index) => archive.Tensors.GetValueOrDefault(index.ToString(CultureInfo.InvariantCulture));
}
