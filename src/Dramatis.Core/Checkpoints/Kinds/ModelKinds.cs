namespace Dramatis.Checkpoints.Kinds;

/// <summary>Models in a single file, and the networks that models are made of.</summary>
internal static class ModelKinds
{
    private const string Keys = "*attn2.to_k.weight";
    private const string Root = "(state_dict.|)";
    private const string LdmInput = Root + "model.diffusion_model.input_blocks.0.0.weight";
    private const string LdmHint = "input_hint_block.0.weight";
    private const string LdmParts = $"model.diffusion_model.{LayerNames.LdmUNet}|first_stage_model.{LayerNames.LdmVae}|{LayerNames.LdmLeftOvers}";
    private const string Textless = "Stable Diffusion in a single file, without a text encoder";
    private const string ClassToken = "vision_model.embeddings.class_embedding";

    private static readonly FactRule LdmPaints = FactRule.Paints(LdmInput, Root + "model.diffusion_model.out.2.weight");
    private static readonly FactRule TextWidth = FactRule.Side("width", LayerNames.TokenTable, 1, FactRule.TextTower);
    private static readonly FactRule TextLayers = FactRule.Count("layers", "text_model.encoder.layers.#.layer_norm1.weight");

    private static readonly IReadOnlyList<FactRule> VisionFacts =
    [
        FactRule.Side("width", ClassToken, 0, FactRule.VisionTower),
        FactRule.Side("embedding", "visual_projection.weight", 0),
        FactRule.Count("layers", "vision_model.encoder.layers.#.layer_norm1.weight"),
    ];

    public static IReadOnlyList<KindRule> All { get; } =
    [
        new("ControlNet with its base model inside (original layout)", $"{Root}control_model.{LdmHint}", LdmInput)
        {
            Type = CheckpointType.OriginalControlNet,
            Width = Keys,
            Names = $"{Root}(control_model.{LayerNames.LdmControlNet}|{LdmParts}|cond_stage_model.*)",
        },
        new("ControlNet (original layout)", $"{Root}(control_model.|){LdmHint}")
        {
            Type = CheckpointType.OriginalControlNet,
            Width = Keys,
            Names = $"{Root}(control_model.|){LayerNames.LdmControlNet}",
        },
        new("SDXL trained on continuous noise levels (EDM, as Playground 2.5 and CosXL are), which is not supported", LdmInput,
            Root + "(edm_mean|edm_std|edm_vpred.*)"),
        new("SDXL's refiner in a single file, which is not supported", LdmInput, Root + "conditioner.embedders.0.model.*"),
        Single($"{FamilyNames.Sdxl} in a single file", CheckpointType.SdxlFile, "conditioner.embedders.1.model.*", FamilyNames.Sdxl,
            $"conditioner.embedders.0.transformer.{LayerNames.ClipText}|conditioner.embedders.1.model.{LayerNames.OpenClipText}"),
        Single($"{FamilyNames.Sd21} in a single file", CheckpointType.Sd21File, "cond_stage_model.model.*", FamilyNames.Sd21,
            $"cond_stage_model.model.{LayerNames.OpenClipText}"),
        Single($"{FamilyNames.Sd15} in a single file", CheckpointType.Sd15File, "cond_stage_model.transformer.*", FamilyNames.Sd15,
            $"cond_stage_model.transformer.(text_model.|){LayerNames.ClipTextBody}"),
        Single(Textless, CheckpointType.SdxlFile, "model.diffusion_model.label_emb.*", null, "cond_stage_model.*"),
        Single(Textless, CheckpointType.Sd15File, "model.diffusion_model.*", null, "cond_stage_model.*"),
        new("Stable Diffusion 3 network, which is not supported", "*joint_blocks.0.x_block.attn.qkv.weight"),
        new("Flux network, which is not supported", "*double_blocks.0.img_attn.qkv.weight"),
        new("ControlNet", "controlnet_cond_embedding.conv_in.weight")
        {
            Type = CheckpointType.ControlNet,
            Width = Keys,
            Facts = [FactRule.Side("control picture", "controlnet_cond_embedding.conv_in.weight", 1, channels => $"{channels} channels")],
            Names = LayerNames.ControlNet,
        },
        new("UNet", "conv_in.weight", "time_embedding.linear_1.weight")
        {
            Width = Keys,
            Facts = [FactRule.Paints("conv_in.weight", "conv_out.weight"), FactRule.Count("sites", Keys)],
            Names = LayerNames.UNet,
        },
        new("VAE (original layout)", "(state_dict.|first_stage_model.|)decoder.mid.block_1.conv1.weight")
        {
            Facts = [FactRule.Side("latents", "*decoder.conv_in.weight", 1, channels => $"{channels} channels")],
            Names = $"(state_dict.|first_stage_model.|)({LayerNames.LdmVae}|loss.*|model_ema.*)",
        },
        new("VAE", "encoder.conv_in.weight", "decoder.conv_in.weight")
        {
            Facts = [FactRule.Side("latents", "decoder.conv_in.weight", 1, channels => $"{channels} channels")],
            Names = LayerNames.Vae,
        },
        new("CLIP, text and vision", LayerNames.TokenTable, ClassToken)
        {
            Facts =
            [
                FactRule.Side("text width", LayerNames.TokenTable, 1, FactRule.TextTower), FactRule.Side("vision width", ClassToken, 0, FactRule.VisionTower),
                FactRule.Side("embedding", "visual_projection.weight", 0),
            ],
            Names = $"({LayerNames.ClipText}|{LayerNames.ClipVision}|logit_scale)",
        },
        new("CLIP text encoder with projection", LayerNames.TokenTable, "text_projection.weight")
        {
            Facts = [TextWidth, TextLayers],
            Names = LayerNames.ClipText,
        },
        new("CLIP text encoder", LayerNames.TokenTable) { Facts = [TextWidth, TextLayers], Names = LayerNames.ClipText },
        new("CLIP vision encoder", ClassToken) { Facts = VisionFacts, Names = LayerNames.ClipVision },
        new("DINOv2 vision encoder", "embeddings.cls_token", "embeddings.mask_token") { Facts = Dino("embeddings.cls_token"), Names = LayerNames.Dino },
        new("DINO vision encoder", "embeddings.cls_token") { Facts = Dino("embeddings.cls_token"), Names = LayerNames.Dino },
        new("DINO vision encoder (original layout)", "cls_token") { Facts = Dino("cls_token"), Names = LayerNames.HubDino },
        new("prior from words to image features", "whitening", "feature_mean")
        {
            Facts =
            [
                FactRule.Side("text width", "mean", 0, FactRule.TextTower), FactRule.Side("feature width", "feature_mean", 1, FactRule.VisionTower),
                FactRule.Side("features", "feature_mean", 0),
            ],
            Names = "(mean|whitening|mlp.*|unfold.*|cell_in.*|cell_out.*|aspect.*|feature_mean|feature_deviation)",
        },
        new("Qwen2-VL language model", "(model.|)visual.*", "model.(language_model.|)embed_tokens.weight") { Names = LayerNames.Qwen },
    ];

    private static KindRule Single(string name, CheckpointType type, string mark, string? fits, string textEncoder) => new(name, LdmInput, Root + mark)
    {
        Type = type,
        Width = $"{Root}model.diffusion_model.{Keys}",
        Fits = fits,
        Facts = [LdmPaints],
        Names = $"{Root}({LdmParts}|{textEncoder})",
    };

    private static IReadOnlyList<FactRule> Dino(NamePattern token) => [FactRule.Side("width", token, 2)];
}
