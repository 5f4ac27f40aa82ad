namespace Dramatis.Checkpoints;

/// <summary>What a file of weights is for, by the names in it.</summary>
/// <param name="Name">For example <c>IP-Adapter Plus</c>.</param>
/// <param name="TextWidth">How wide the text is that it reads; null when it reads none or that cannot be told.</param>
public sealed record CheckpointKind(string Name, long? TextWidth = null)
{
    // The first that matches counts, so that a kind stands before those whose names it contains.
    private static readonly Rule[] Rules =
    [
        new("MS-Diffusion adapter", ["image_proj.grounding_latents", "dummy_image_tokens"], "ms_adapter.*.to_k_ip.weight"),
        new("EasyRef adapter", ["*mllm_final_layer.reference_tokens"], "*attn2.to_k.weight"),
        new("FastComposer model", ["postfuse_module.*", "unet.conv_in.weight"], "unet.*attn2.to_k.weight"),
        new("IP-Adapter FaceID", ["image_proj.*", "ip_adapter.*_lora.down.weight"], "ip_adapter.*.to_k_ip.weight"),
        new("IP-Adapter Plus", ["image_proj.latents", "ip_adapter.*.to_k_ip.weight"], "ip_adapter.*.to_k_ip.weight"),
        new("IP-Adapter with full image features", ["image_proj.proj.0.weight", "ip_adapter.*.to_k_ip.weight"], "ip_adapter.*.to_k_ip.weight"),
        new("IP-Adapter", ["image_proj.proj.weight", "ip_adapter.*.to_k_ip.weight"], "ip_adapter.*.to_k_ip.weight"),
        new("Custom Diffusion weights (diffusers layout)", ["*to_k_custom_diffusion.weight"], "*to_k_custom_diffusion.weight"),
        new("LoRA (kohya layout)", ["lora_*.lora_down.weight"], "lora_unet_*attn2_to_k.lora_down.weight"),
        new("LoRA (PEFT layout)", ["*.lora_A.weight"], "*attn2.to_k.lora_A.weight"),
        new("LoRA (diffusers layout)", ["*.lora.down.weight"], "*attn2.to_k.lora.down.weight"),
        new("LoRA (diffusers layout)", ["*.lora_linear_layer.down.weight"], "*attn2.to_k.lora_linear_layer.down.weight"),
        new("LoRA (old diffusers layout)", ["*_lora.down.weight"], "*attn2.processor.to_k_lora.down.weight"),
        new("Stable Diffusion in a single file", ["*model.diffusion_model.input_blocks.0.0.weight"], "*attn2.to_k.weight"),
        new("ControlNet (original layout)", ["*control_model.input_hint_block.0.weight"], "*attn2.to_k.weight"),
        new("ControlNet", ["controlnet_cond_embedding.conv_in.weight"], "*attn2.to_k.weight"),
        new("UNet", ["conv_in.weight", "time_embedding.linear_1.weight"], "*attn2.to_k.weight"),
        new("Custom Diffusion weights (original layout)", ["unet.*attn2.to_k.weight"], "unet.*attn2.to_k.weight"),
        new("VAE", ["encoder.conv_in.weight", "decoder.conv_in.weight"]),
        new("CLIP, text and vision", ["text_model.embeddings.token_embedding.weight", "vision_model.embeddings.class_embedding"]),
        new("CLIP text encoder with projection", ["text_model.embeddings.token_embedding.weight", "text_projection.weight"]),
        new("CLIP text encoder", ["text_model.embeddings.token_embedding.weight"]),
        new("CLIP vision encoder", ["vision_model.embeddings.class_embedding"]),
        new("DINOv2 vision encoder", ["embeddings.cls_token", "embeddings.mask_token"]),
        new("DINO vision encoder", ["*cls_token"]),
        new("Qwen2-VL language model", ["visual.*", "model.embed_tokens.weight"]),
        new("textual inversion of SDXL", ["clip_l", "clip_g"]),
        new("textual inversion", ["string_to_param.*"], "string_to_param.*"),
        new("textual inversion", ["emb_params"], "emb_params"),
        new("textual inversion", ["<*>"], "<*>"),
        new("residual embedding of Cones 2", ["root"], "root"),
    ];

    /// <summary>The base models it goes with, or null when that is no question or cannot be told.</summary>
    public string? Fits => TextWidth is { } width ? BaseOf(width) : null;

    /// <summary>Null when the names are of no kind known here.</summary>
    public static CheckpointKind? Of(TensorArchive archive)
    {
        if (archive.Metadata.TryGetValue("stage", out var stage) && archive.Metadata.TryGetValue("step", out var step))
        {
            return new($"training of Dramatis, to go on from (stage {stage}, step {step})");
        }

        var rule = Rules.FirstOrDefault(candidate => candidate.Needs.All(pattern => Find(archive, pattern) is not null));
        return rule is null ? null : new(rule.Name, rule.Width is null ? null : LastSide(Find(archive, rule.Width)));
    }

    /// <summary>The published base models whose text is so wide; null when there are none.</summary>
    public static string? FamilyOf(long textWidth) => textWidth switch
    {
        768 => "Stable Diffusion 1.x",
        1024 => "Stable Diffusion 2.x",
        2048 => "SDXL",
        _ => null,
    };

    /// <summary>What a base model is called by the width of its text.</summary>
    public static string BaseOf(long textWidth) => FamilyOf(textWidth) ?? $"a base model whose text is {textWidth} wide";

    // Adapters and base models meet in the width of the text.
    private static long? LastSide(TensorEntry? entry) => entry is { Shape.Count: > 0 } ? entry.Shape[^1] : null;

    private static TensorEntry? Find(TensorArchive archive, string pattern)
    {
        if (archive.Tensors.TryGetValue(pattern, out var exact))
        {
            return exact;
        }

        return pattern.Contains('*', StringComparison.Ordinal)
            ? archive.Tensors.Values.FirstOrDefault(entry => Matches(entry.Name, pattern.Split('*')))
            : null;
    }

    private static bool Matches(string name, string[] parts)
    {
        var position = 0;
        foreach (var part in parts)
        {
            var found = name.IndexOf(part, position, StringComparison.Ordinal);
            if (found < 0)
            {
                return false;
            }

            position = found + part.Length;
        }

        return name.StartsWith(parts[0], StringComparison.Ordinal) && name.EndsWith(parts[^1], StringComparison.Ordinal);
    }

    /// <param name="Needs">Names that must all be there; <c>*</c> stands for anything.</param>
    /// <param name="Width">A tensor whose last dimension is the width of the text.</param>
    private sealed record Rule(string Name, string[] Needs, string? Width = null);
}
