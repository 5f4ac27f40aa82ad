namespace Dramatis.Checkpoints.Kinds;

/// <summary>Changes of low rank, in all published layouts.</summary>
internal static class LoraKinds
{
    private const string Networks = "(unet.|text_encoder.|text_encoder_2.|base_model.model.|)";
    private const string Layers = $"({LayerNames.UNetLayers}|{LayerNames.TextLayers})";
    private const string DottedNames = $"{Networks}{Layers}.(lora_(A|B).(default.|)weight|(lora|lora_linear_layer).(down|up).weight|alpha)";
    private const string DottedWidth = "*attn2.to_(k|v).(lora_A.(default.|)|(lora|lora_linear_layer).down.)weight";
    private const string OldLayer = "*(attn#.processor|self_attn).to_(q|k|v|out)_lora.(down|up).weight";

    // Kohya's names have underscores for dots.
    private static readonly string Underscored =
        $"(lora_unet_({LayerNames.UNetLayers}|{LayerNames.LdmLayers})|lora_(te|te1|te2)_{LayerNames.TextLayers})".Replace('.', '_');

    // Files of diffusers may have the halves of one encoder under PEFT's names and those of another under their own.
    private static readonly IReadOnlyList<FactRule> DottedFacts = LoraFacts.With(
        (".lora_A.weight", ".lora_B.weight"), (".lora_A.default.weight", ".lora_B.default.weight"),
        (".lora.down.weight", ".lora.up.weight"), (".lora_linear_layer.down.weight", ".lora_linear_layer.up.weight"));

    private static readonly (NamePattern Name, string Fits) Sdxl = ("(lora_te2_|text_encoder_2.)*", FamilyNames.Sdxl);

    public static IReadOnlyList<KindRule> All { get; } =
    [
        new("LoHa of LyCORIS, which is not supported", "*.hada_w1_a"),
        new("LoKr of LyCORIS, which is not supported", "*.lokr_w(1|2)*"),
        new("DoRA, which is not supported", "*.(dora_scale|lora_magnitude_vector*)") { Type = CheckpointType.Lora },
        new("LoRA (kohya layout)", "*.lora_(down|up).weight")
        {
            Type = CheckpointType.Lora,
            Width = "lora_unet_*attn2_to_(k|v).lora_down.weight",
            Otherwise = Sdxl,
            Facts = LoraFacts.With((".lora_down.weight", ".lora_up.weight")),
            Names = $"{Underscored}.(lora_down.weight|lora_up.weight|alpha)",
        },
        new("LoRA (PEFT layout)", "*.lora_(A|B).(default.|)weight")
        {
            Type = CheckpointType.Lora,
            Width = DottedWidth,
            Otherwise = Sdxl,
            Facts = DottedFacts,
            Names = DottedNames,
        },
        new("LoRA (diffusers layout)", "*.(lora|lora_linear_layer).(down|up).weight")
        {
            Type = CheckpointType.Lora,
            Width = DottedWidth,
            Otherwise = Sdxl,
            Facts = DottedFacts,
            Names = DottedNames,
        },
        new("LoRA (old diffusers layout)", "*_lora.(down|up).weight")
        {
            Type = CheckpointType.Lora,
            Width = "*attn2.processor.to_(k|v)_lora.down.weight",
            Otherwise = Sdxl,
            Facts = LoraFacts.With(("_lora.down.weight", "_lora.up.weight")),
            Names = OldLayer,
        },
    ];
}
