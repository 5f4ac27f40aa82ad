namespace Dramatis.Checkpoints.Kinds;

/// <summary>The names of published networks, as patterns.</summary>
internal static class LayerNames
{
    public const string Value = "(weight|bias)";

    /// <summary>Layers of a UNet that have a matrix or a kernel.</summary>
    public const string UNetLayers =
        $"({Blocks}.(attentions.#.(proj_in|proj_out|{Transformer})|resnets.#.(conv#|conv_shortcut|time_emb_proj)|(downsamplers|upsamplers).#.conv)"
        + "|(time_embedding|add_embedding).linear_#|time_embedding.cond_proj|conv_in|conv_out)";

    /// <summary>Those that have lengths alone.</summary>
    public const string UNetNorms = $"({Blocks}.(attentions.#.(norm|{Norms})|resnets.#.norm#)|conv_norm_out)";

    public const string UNet = $"({UNetLayers}|{UNetNorms}).{Value}";

    /// <summary>The same layers under the names of the original latent diffusion code.</summary>
    public const string LdmLayers =
        $"({LdmBlocks}.(proj_in|proj_out|{Transformer}|in_layers.2|out_layers.3|emb_layers.1|skip_connection|op|conv)"
        + "|input_blocks.0.0|time_embed.#|label_emb.#.#|out.2)";

    public const string LdmNorms = $"({LdmBlocks}.(norm|{Norms}|in_layers.0|out_layers.0)|out.0)";

    public const string LdmUNet = $"({LdmLayers}|{LdmNorms}).{Value}";

    public const string ControlNet = $"({UNet}|(controlnet_cond_embedding.(conv_in|conv_out|blocks.#)|controlnet_down_blocks.#|controlnet_mid_block).{Value})";

    public const string LdmControlNet = $"({LdmUNet}|(input_hint_block.#|zero_convs.#.#|middle_block_out.#).{Value})";

    public const string Vae =
        $"((encoder|decoder).((down_blocks|up_blocks|mid_block).(#.|)(resnets.#.(norm#|conv#|conv_shortcut)|(downsamplers|upsamplers).#.conv"
        + $"|attentions.#.(group_norm|to_(q|k|v|out.0)|query|key|value|proj_attn))|conv_in|conv_norm_out|conv_out)|quant_conv|post_quant_conv).{Value}";

    public const string LdmVae =
        $"((encoder|decoder).((down|up).#.(block.#.(norm#|conv#|nin_shortcut)|(downsample|upsample).conv)"
        + $"|mid.(attn_#.(q|k|v|norm|proj_out)|block_#.(norm#|conv#|nin_shortcut))|conv_in|norm_out|conv_out)|quant_conv|post_quant_conv).{Value}";

    /// <summary>Layers of a CLIP text encoder that have a matrix.</summary>
    public const string TextLayers = "((text_model.|)encoder.layers.#.(self_attn.(q|k|v|out)_proj|mlp.fc#)|text_projection)";

    public const string TextNorms = "(text_model.|)(encoder.layers.#.layer_norm#|final_layer_norm)";

    /// <summary>The rows for words of a CLIP text encoder.</summary>
    public const string TokenTable = "text_model.embeddings.token_embedding.weight";

    /// <summary>A text encoder without what stands before all its names.</summary>
    public const string ClipTextBody =
        $"(embeddings.(token_embedding.weight|position_embedding.weight|position_ids)|{ClipLayer}|final_layer_norm.{Value})";

    public const string ClipText = $"(text_model.{ClipTextBody}|text_projection.weight)";

    public const string ClipVision =
        $"(vision_model.(embeddings.(class_embedding|patch_embedding.weight|position_embedding.weight|position_ids)|{ClipLayer}"
        + $"|(pre_layrnorm|pre_layernorm|post_layernorm).{Value})|visual_projection.weight)";

    public const string OpenClipText =
        "(token_embedding.weight|positional_embedding|text_projection|logit_scale|attn_mask"
        + $"|transformer.resblocks.#.((ln_#|mlp.(c_fc|c_proj)|attn.out_proj).{Value}|attn.in_proj_{Value})|ln_final.{Value})";

    /// <summary>What training leaves in a single file.</summary>
    public const string LdmLeftOvers =
        "(model_ema.*|betas|alphas_cumprod*|sqrt_*|log_one_minus_alphas_cumprod|posterior_*|denoiser.sigmas|lvlb_weights|logvar|scale_factor"
        + "|cond_stage_model.logit_scale|v_pred|ztsnr)";

    public const string PerceiverLayers = $"layers.#.(0.(norm#.{Value}|to_(q|kv|out).weight)|1.#.{Value})|(proj_in|proj_out|norm_out).{Value}";

    public const string Dino =
        $"(embeddings.(cls_token|mask_token|position_embeddings|patch_embeddings.projection.{Value})"
        + $"|encoder.layer.#.((attention.(attention.(query|key|value)|output.dense)|intermediate.dense|output.dense|mlp.fc#"
        + $"|layernorm_(before|after)|norm#).{Value}|layer_scale#.lambda#)"
        + $"|(layernorm|pooler.dense).{Value})";

    public const string HubDino = $"(cls_token|pos_embed|(patch_embed.proj|blocks.#.(norm#|attn.(qkv|proj)|mlp.fc#)|norm).{Value})";

    public const string Qwen =
        $"(lm_head.weight|(model.|)visual.(blocks.#.(attn.(proj|qkv)|mlp.fc#|norm#)|merger.(ln_q|mlp.#)|patch_embed.proj).{Value}"
        + $"|model.(language_model.|)(embed_tokens|norm|layers.#.((input|post_attention)_layernorm|mlp.(down|gate|up)_proj|self_attn.(q|k|v|o)_proj)).{Value})";

    private const string Blocks = "(down_blocks.#|mid_block|up_blocks.#)";
    private const string LdmBlocks = "(input_blocks.#.#|middle_block.#|output_blocks.#.#)";
    private const string Transformer = "transformer_blocks.#.((attn1|attn2).to_(q|k|v|out.0)|ff.net.(0.proj|2))";
    private const string Norms = "transformer_blocks.#.norm#";
    private const string ClipLayer = $"encoder.layers.#.(layer_norm#|self_attn.(q|k|v|out)_proj|mlp.fc#).{Value}";
}
