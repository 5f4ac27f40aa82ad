namespace Dramatis.Checkpoints.Kinds;

/// <summary>What methods that keep subjects publish.</summary>
internal static class AdapterKinds
{
    private const string IpAdapter = "ip-adapter";
    private const string TokenKeys = "ip_adapter.*.to_k_ip.weight";
    private const string TokenLayers = "ip_adapter.#.to_(k|v)_ip.weight";
    private const string DeltaKeys = "unet.*attn2.to_k.weight";

    private static readonly (string Name, NamePattern Layers)[] Projections =
        [("q", "*to_q_custom_diffusion*"), ("k", "*to_k_custom_diffusion*"), ("v", "*to_v_custom_diffusion*"), ("out", "*to_out_custom_diffusion*")];

    private static readonly FactRule Sites = FactRule.Count("sites", TokenKeys);

    // A kind stands before those whose names it contains.
    public static IReadOnlyList<KindRule> All { get; } =
    [
        new("MS-Diffusion adapter", "image_proj.grounding_latents", "dummy_image_tokens")
        {
            Method = "ms-diffusion",
            Width = "ms_adapter.*.to_k_ip.weight",
            Facts =
            [
                FactRule.Side("image encoder", "image_proj.proj_in.weight", 1, FactRule.WithFeatures),
                FactRule.Side("tokens", "image_proj.grounding_latents", 1),
                FactRule.Side("dummy tokens", "dummy_image_tokens", 1),
                FactRule.Count("sites", "ms_adapter.*.to_k_ip.weight"),
            ],
            Names = $"(dummy_image_tokens|image_proj.(grounding_latents|(attention_norm|latent_norm|latent_proj.#).{LayerNames.Value}"
                + $"|{LayerNames.PerceiverLayers})|ms_adapter.#.to_(k|v)_ip.weight|collage.conv_(in|out).weight)",
        },
        new("EasyRef adapter", "*mllm_final_layer.reference_tokens")
        {
            Method = "easyref",
            Width = "*attn2.to_k.weight",
            Facts =
            [
                FactRule.Side("tokens", "*mllm_final_layer.reference_tokens", 0),
                FactRule.Side("rank of changes (stages 2 and 3)", "*to_q_lora.down.weight", 0),
            ],
            Names = $"(module.|)(unet.{LayerNames.UNet}|unet.*.processor.to_*|(image_proj_model|mllm_final_layer|multimodal_llm|adapter_modules).*)",
        },
        FastComposer("FastComposer model", "postfuse_module.*", "unet.conv_in.weight"),
        FastComposer("FastComposer adapter", "postfuse_module.*"),
        FaceId("ip_adapter.*_lora.(down|up).weight"),
        FaceId("image_proj.perceiver_resampler.*"),
        FaceId("image_proj.proj.0.weight", "image_proj.norm.weight"),
        new("IP-Adapter Plus", "image_proj.latents")
        {
            Type = CheckpointType.IpAdapterPlus,
            Method = IpAdapter,
            Width = TokenKeys,
            Facts =
            [
                FactRule.Side("image encoder", "image_proj.proj_in.weight", 1, FactRule.WithFeatures),
                FactRule.Side("tokens", "image_proj.latents", 1),
                Sites,
            ],
            Names = $"(image_proj.(latents|{LayerNames.PerceiverLayers})|{TokenLayers})",
        },
        new("IP-Adapter with full image features", "image_proj.proj.0.weight")
        {
            Type = CheckpointType.IpAdapterFull,
            Method = IpAdapter,
            Width = TokenKeys,
            Facts = [FactRule.Side("image encoder", "image_proj.proj.0.weight", 1, FactRule.WithFeatures), new("tokens", _ => "one for each feature"), Sites],
            Names = $"(image_proj.proj.#.{LayerNames.Value}|{TokenLayers})",
        },
        new("IP-Adapter", "image_proj.proj.weight")
        {
            Type = CheckpointType.IpAdapter,
            Method = IpAdapter,
            Width = TokenKeys,
            Facts = [FactRule.Side("image encoder", "image_proj.proj.weight", 1, FactRule.WithEmbedding), new("tokens", Tokens), Sites],
            Names = $"(image_proj.(proj|norm).{LayerNames.Value}|{TokenLayers})",
        },
        new("Custom Diffusion weights (diffusers layout)", "*_custom_diffusion.*")
        {
            Type = CheckpointType.CustomDiffusion,
            Width = "*to_(k|v)_custom_diffusion.weight",
            Facts = [FactRule.Count("layers", "*to_k_custom_diffusion.weight"), new("changes", Changes)],
            Names = $"*attn2.processor.to_((q|k|v)_custom_diffusion.weight|out_custom_diffusion.0.{LayerNames.Value})",
        },
        new("Custom Diffusion weights (original layout)", "unet.*.attn2.to_(q|k|v|out.0).(weight|bias)")
        {
            Type = CheckpointType.CustomDiffusion,
            Width = DeltaKeys,
            Facts = [FactRule.Count("layers", DeltaKeys), FactRule.Count("words", "modifier_token.*")],
            Names = "(unet.*attn2.to_(q|k|v|out.0).(weight|bias)|modifier_token.*)",
        },
        new("concept neurons of Cones", "*.neurons")
        {
            Type = CheckpointType.ConceptNeurons,
            Facts = [FactRule.Count("layers", "*attn2.to_(k|v).neurons")],
            Names = "*attn2.to_(k|v).neurons",
        },
    ];

    private static KindRule FastComposer(string name, params NamePattern[] needs) => new(name, needs)
    {
        Method = "fastcomposer",
        Width = "postfuse_module.layer_norm.weight",
        Facts = [FactRule.Side("image encoder", "image_encoder.visual_projection.weight", 0, FactRule.WithEmbedding)],
        Names = $"(unet.{LayerNames.UNet}|vae.{LayerNames.Vae}|text_encoder.{LayerNames.ClipTextBody}"
            + $"|image_encoder.{LayerNames.ClipVision}|postfuse_module.*)",
    };

    private static KindRule FaceId(params NamePattern[] needs) => new("IP-Adapter FaceID", needs)
    {
        Type = CheckpointType.IpAdapterFaceId,
        Method = IpAdapter,
        Width = TokenKeys,
        Facts = [Sites],
        Names = $"(image_proj.*|{TokenLayers}|ip_adapter.#.to_(q|k|v|out)_lora.(down|up).weight)",
    };

    // One linear layer gives all tokens, one after the other.
    private static string? Tokens(TensorArchive archive) =>
        FactRule.SideOf(archive, "image_proj.proj.weight", 0) is { } rows && FactRule.SideOf(archive, "image_proj.norm.weight", 0) is > 0 and var width
            ? FactRule.Text(rows / width)
            : null;

    private static string Changes(TensorArchive archive) =>
        string.Join(", ", Projections.Where(item => item.Layers.Find(archive) is not null).Select(item => item.Name));
}
