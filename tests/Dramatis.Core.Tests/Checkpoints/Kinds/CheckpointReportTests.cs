using Dramatis.Checkpoints.Kinds;

namespace Dramatis.Tests.Checkpoints.Kinds;

public sealed class CheckpointReportTests
{
    [Theory]
    [InlineData("unet-sd15", "UNet", "Stable Diffusion 1.x", "paints from text")]
    [InlineData("unet-sd15-inpaint", "UNet", "Stable Diffusion 1.x", "paints inside a mask (inpainting: 9 channels in, 4 out)")]
    [InlineData("unet-sd21", "UNet", "Stable Diffusion 2.x", "sites 16")]
    [InlineData("unet-sdxl", "UNet", "SDXL", "sites 70")]
    [InlineData("controlnet-sd15", "ControlNet", "Stable Diffusion 1.x", "control picture 3 channels")]
    [InlineData("controlnet-sdxl", "ControlNet", "SDXL", "control picture 3 channels")]
    [InlineData("vae-sd", "VAE", null, "latents 4 channels")]
    [InlineData("clip-text-vit-l-14", "CLIP text encoder", null, "width 768 (ViT-L/14, as in Stable Diffusion 1.x and SDXL)")]
    [InlineData("clip-text-vit-h-14-sd21", "CLIP text encoder", null, "width 1024 (ViT-H/14, as in Stable Diffusion 2.x)")]
    [InlineData("clip-text-vit-bigg-14", "CLIP text encoder with projection", null, "width 1280 (ViT-bigG/14, as in SDXL)")]
    [InlineData("clip-vision-vit-l-14", "CLIP vision encoder", null, "width 1024 (ViT-L/14)")]
    [InlineData("clip-vision-vit-h-14", "CLIP vision encoder", null, "embedding 1024")]
    [InlineData("clip-vision-vit-bigg-14", "CLIP vision encoder", null, "layers 48")]
    [InlineData("dino-vits16", "DINO vision encoder", null, "width 384")]
    [InlineData("dinov2-base", "DINOv2 vision encoder", null, "width 768")]
    public void A_published_network_is_known_to_its_last_name(string name, string kind, string? fits, string fact)
    {
        using var archive = NamedShapes.Load(Path.Combine(GoldenFolder.Of("manifests"), $"{name}.txt"));

        var report = CheckpointReport.Of(archive);

        Assert.Equal((kind, fits), (report.Kind?.Name, report.Kind?.Fits));
        Assert.Contains(fact, report.Facts.Select(item => $"{item.Name} {item.Value}"));
        Assert.Equal([], report.Unknown);
    }

    [Theory]
    [InlineData("IP-Adapter", "CLIP ViT-H/14, whose embedding is 1024 wide", "4", "image_proj.proj.weight 3072x1024", "image_proj.norm.weight 768",
        "ip_adapter.1.to_k_ip.weight 320x768")]
    [InlineData("IP-Adapter Plus", "CLIP ViT-H/14, whose features are 1280 wide", "16", "image_proj.latents 1x16x768", "image_proj.proj_in.weight 768x1280",
        "ip_adapter.1.to_k_ip.weight 320x768")]
    [InlineData("IP-Adapter with full image features", "CLIP ViT-H/14, whose features are 1280 wide", "one for each feature",
        "image_proj.proj.0.weight 1280x1280", "ip_adapter.1.to_k_ip.weight 320x768")]
    [InlineData("MS-Diffusion adapter", "CLIP ViT-bigG/14, whose features are 1664 wide", "16", "dummy_image_tokens 1x4x768",
        "image_proj.grounding_latents 1x16x1280", "image_proj.proj_in.weight 1280x1664", "ms_adapter.1.to_k_ip.weight 320x768")]
    public void An_adapter_says_which_encoder_it_reads_and_how_many_tokens_it_gives(string kind, string encoder, string tokens, params string[] tensors)
    {
        var report = Report(tensors);

        Assert.Equal((kind, "Stable Diffusion 1.x"), (report.Kind?.Name, report.Kind?.Fits));
        Assert.Equal(encoder, Fact(report, "image encoder"));
        Assert.Equal(tokens, Fact(report, "tokens"));
        Assert.Equal([], report.Unknown);
    }

    [Fact]
    public void An_encoder_of_no_published_width_is_told_by_its_width()
    {
        var report = Report("image_proj.proj.weight 96x20", "image_proj.norm.weight 24", "ip_adapter.1.to_k_ip.weight 8x24");

        Assert.Equal("a base model whose text is 24 wide", report.Kind?.Fits);
        Assert.Equal("a CLIP vision encoder whose embedding is 20 wide", Fact(report, "image encoder"));
    }

    [Theory]
    [InlineData("LoRA (kohya layout)", "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k.lora_down.weight 4x768",
        "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k.lora_up.weight 320x4")]
    [InlineData("LoRA (kohya layout)", "lora_unet_input_blocks_1_1_transformer_blocks_0_attn2_to_k.lora_down.weight 4x768",
        "lora_unet_input_blocks_1_1_transformer_blocks_0_attn2_to_k.lora_up.weight 320x4")]
    [InlineData("LoRA (PEFT layout)", "unet.down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k.lora_A.weight 4x768",
        "unet.down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k.lora_B.weight 320x4")]
    [InlineData("LoRA (PEFT layout)", "base_model.model.mid_block.attentions.0.transformer_blocks.0.attn2.to_v.lora_A.default.weight 4x768",
        "base_model.model.mid_block.attentions.0.transformer_blocks.0.attn2.to_v.lora_B.default.weight 320x4")]
    [InlineData("LoRA (diffusers layout)", "unet.mid_block.attentions.0.transformer_blocks.0.attn2.to_k.lora.down.weight 4x768",
        "unet.mid_block.attentions.0.transformer_blocks.0.attn2.to_k.lora.up.weight 320x4")]
    [InlineData("DoRA", "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k.lora_down.weight 4x768",
        "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k.lora_up.weight 320x4",
        "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k.dora_scale 1x768")]
    [InlineData("LoRA (PEFT layout)", "unet.down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k.lora_A.my_cat.weight 4x768",
        "unet.down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k.lora_B.my_cat.weight 320x4")]
    [InlineData("LoHa of LyCORIS", "lora_unet_mid_block_attentions_0_transformer_blocks_0_attn2_to_k.hada_w1_a 320x4",
        "lora_unet_mid_block_attentions_0_transformer_blocks_0_attn2_to_k.hada_w1_b 4x768")]
    [InlineData("LoRA (old diffusers layout)", "mid_block.attentions.0.transformer_blocks.0.attn2.processor.to_k_lora.down.weight 4x768",
        "mid_block.attentions.0.transformer_blocks.0.attn2.processor.to_k_lora.up.weight 320x4")]
    public void A_LoRA_says_its_layout_rank_and_targets(string kind, params string[] tensors)
    {
        var report = Report(tensors);

        Assert.Equal((kind, "Stable Diffusion 1.x"), (report.Kind?.Name, report.Kind?.Fits));
        Assert.Equal("4", Fact(report, "rank"));
        Assert.Equal("as the rank", Fact(report, "alpha"));
        Assert.Equal("unet 1", Fact(report, "networks"));
        Assert.Equal("attention 1", Fact(report, "targets"));
        Assert.Null(Fact(report, "flavour"));
        Assert.Null(Fact(report, "half only"));
        Assert.Equal([], report.Unknown);
    }

    [Fact]
    public void A_LoCon_of_SDXL_says_kernels_encoders_and_alpha()
    {
        var report = Report(
            "lora_unet_down_blocks_0_resnets_0_conv1.lora_down.weight 8x320x3x3", "lora_unet_down_blocks_0_resnets_0_conv1.lora_up.weight 320x8x1x1",
            "lora_unet_down_blocks_0_resnets_0_conv1.alpha ", "lora_te1_text_model_encoder_layers_0_mlp_fc1.lora_down.weight 4x768",
            "lora_te1_text_model_encoder_layers_0_mlp_fc1.lora_up.weight 3072x4",
                "lora_te2_text_model_encoder_layers_0_self_attn_q_proj.lora_down.weight 4x1280");

        Assert.Equal(("LoRA (kohya layout)", "SDXL"), (report.Kind?.Name, report.Kind?.Fits));
        Assert.Equal("4, 8", Fact(report, "rank"));
        Assert.Equal("1", Fact(report, "alpha"));
        Assert.Equal("LoCon, which changes kernels too", Fact(report, "flavour"));
        Assert.Equal("te1 1, te2 1, unet 1", Fact(report, "networks"));
        Assert.Equal("text attention 1, text feed-forward 1, convolutions 1", Fact(report, "targets"));
        Assert.Equal("1 (first: lora_te2_text_model_encoder_layers_0_self_attn_q_proj)", Fact(report, "half only"));
        Assert.Equal([], report.Unknown);
    }

    [Theory]
    [InlineData("textual inversion", "Stable Diffusion 1.x", "<cat> 3 of 768", "<cat> 3x768")]
    [InlineData("textual inversion", "Stable Diffusion 2.x", "<cat> 1 of 1024", "<cat> 1024")]
    [InlineData("textual inversion (web UI)", "Stable Diffusion 1.x", "2 of 768", "emb_params 2x768")]
    [InlineData("textual inversion (web UI)", "Stable Diffusion 1.x", "2 of 768", "string_to_param.* 2x768")]
    [InlineData("textual inversion of SDXL", "SDXL", "clip_g 2 of 1280, clip_l 2 of 768", "clip_l 2x768", "clip_g 2x1280")]
    [InlineData("residual embedding of Cones 2", "Stable Diffusion 2.x", "2 of 1024", "root 2x1024")]
    [InlineData("rows for words: residuals of Cones 2 by subject, or a textual inversion without brackets", "Stable Diffusion 2.x",
        "mug 1 of 1024, red bag 1 of 1024", "red bag 1x1024", "mug 1024")]
    public void Learned_words_say_their_rows(string kind, string fits, string rows, params string[] tensors)
    {
        var report = Report(tensors);

        Assert.Equal((kind, fits), (report.Kind?.Name, report.Kind?.Fits));
        Assert.Equal(rows, Fact(report, "rows"));
        Assert.Equal([], report.Unknown);
    }

    [Fact]
    public void Custom_Diffusion_says_what_it_changes()
    {
        const string layer = "mid_block.attentions.0.transformer_blocks.0.attn2.processor.to_";
        var diffusers = Report($"{layer}k_custom_diffusion.weight 320x768", $"{layer}v_custom_diffusion.weight 320x768");
        var original = Report("unet.mid_block.attentions.0.transformer_blocks.0.attn2.to_k.weight 320x768", "modifier_token.<new1> 768");

        Assert.Equal(("Custom Diffusion weights (diffusers layout)", "k, v"), (diffusers.Kind?.Name, Fact(diffusers, "changes")));
        Assert.Equal(("Custom Diffusion weights (original layout)", "1"), (original.Kind?.Name, Fact(original, "words")));
        Assert.Equal([], diffusers.Unknown!.Concat(original.Unknown!));
    }

    [Theory]
    [InlineData("SDXL in a single file", "SDXL", "model.diffusion_model.input_blocks.0.0.weight 320x4x3x3", "conditioner.embedders.1.model.ln_final.bias 1280",
        "alphas_cumprod 1000")]
    [InlineData("Stable Diffusion 2.x in a single file", "Stable Diffusion 2.x", "state_dict.model.diffusion_model.input_blocks.0.0.weight 320x4x3x3",
        "state_dict.cond_stage_model.model.ln_final.bias 1024")]
    [InlineData("Stable Diffusion 1.x in a single file", "Stable Diffusion 1.x", "model.diffusion_model.input_blocks.0.0.weight 320x4x3x3",
        "cond_stage_model.transformer.text_model.final_layer_norm.bias 768")]
    [InlineData("ControlNet (original layout)", null, "control_model.input_hint_block.0.weight 16x3x3x3", "control_model.zero_convs.0.0.bias 320")]
    [InlineData("ControlNet (original layout)", null, "input_hint_block.0.weight 16x3x3x3", "zero_convs.0.0.bias 320")]
    [InlineData("ControlNet with its base model inside (original layout)", "Stable Diffusion 1.x", "control_model.input_hint_block.0.weight 16x3x3x3",
        "control_model.middle_block.1.transformer_blocks.0.attn2.to_k.weight 1280x768", "model.diffusion_model.input_blocks.0.0.weight 320x4x3x3",
        "first_stage_model.quant_conv.bias 8", "cond_stage_model.transformer.text_model.final_layer_norm.bias 768", "betas 1000")]
    [InlineData("VAE (original layout)", null, "decoder.mid.block_1.conv1.weight 512x512x3x3", "encoder.down.0.block.0.nin_shortcut.bias 4")]
    public void The_original_layouts_are_told_by_their_names(string kind, string? fits, params string[] tensors)
    {
        var report = Report(tensors);

        Assert.Equal((kind, fits), (report.Kind?.Name, report.Kind?.Fits));
        Assert.Equal([], report.Unknown);
    }

    [Fact]
    public void Names_that_no_such_file_has_are_listed()
    {
        var report = Report("image_proj.proj.weight 3072x1024", "ip_adapter.1.to_k_ip.weight 320x768", "ip_adapter.x.to_k_ip.weight 1", "extra 1",
            "IMAGE_PROJ.norm.bias 1");

        Assert.Equal(["IMAGE_PROJ.norm.bias", "extra", "ip_adapter.x.to_k_ip.weight"], report.Unknown);
    }

    [Theory]
    [InlineData("(IA)³", "base_model.model.mid_block.attentions.0.transformer_blocks.0.attn2.to_k.ia3_l 4x1")]
    [InlineData("(IA)³", "lora_unet_x.weight 4", "lora_unet_x.on_input ")]
    [InlineData("OFT", "lora_unet_x.oft_blocks 4x4x4")]
    [InlineData("BOFT", "unet.conv_in.boft_R 4x4")]
    [InlineData("GLoRA", "lora_unet_x.a1.weight 4x4", "lora_unet_x.b1.weight 4x4")]
    [InlineData("VeRA", "base_model.vera_lambda_b 4")]
    [InlineData("AdaLoRA", "base_model.model.conv_in.lora_E 4x1", "base_model.model.conv_in.lora_A 4x4")]
    [InlineData("SDXL's refiner", "model.diffusion_model.input_blocks.0.0.weight 4x4x3x3", "conditioner.embedders.0.model.ln_final.weight 4")]
    [InlineData("EDM", "model.diffusion_model.input_blocks.0.0.weight 4x4x3x3", "edm_mean 4", "conditioner.embedders.1.model.ln_final.weight 4")]
    [InlineData("EDM", "model.diffusion_model.input_blocks.0.0.weight 4x4x3x3", "edm_vpred.sigma_max ", "conditioner.embedders.1.model.ln_final.weight 4")]
    [InlineData("FLUX", "lora_unet_double_blocks_0_img_attn_qkv.lora_down.weight 4x8", "lora_unet_double_blocks_0_img_attn_qkv.lora_up.weight 8x4")]
    [InlineData("FLUX", "transformer.single_transformer_blocks.0.attn.to_q.lora_A.weight 4x8",
        "transformer.single_transformer_blocks.0.attn.to_q.lora_B.weight 8x4")]
    [InlineData("Stable Diffusion 3", "transformer.transformer_blocks.0.attn.to_q.lora_A.weight 4x8",
        "transformer.transformer_blocks.0.attn.to_q.lora_B.weight 8x4")]
    [InlineData("Flux", "double_blocks.0.img_attn.qkv.weight 4x4")]
    [InlineData("Stable Diffusion 3", "model.diffusion_model.joint_blocks.0.x_block.attn.qkv.weight 4x4")]
    public void What_is_known_but_not_supported_says_so(string name, params string[] tensors)
    {
        var report = Report(tensors);

        Assert.Contains(name, report.Kind?.Name, StringComparison.Ordinal);
        Assert.Contains("not supported", report.Kind?.Name, StringComparison.Ordinal);
        Assert.Null(report.Unknown);
    }

    [Fact]
    public void Shapes_that_make_no_sense_are_no_error()
    {
        var report = Report(
            "lora_unet_x.lora_down.weight ", "lora_unet_x.alpha 7", "lora_te_y.lora_up.weight 0", "lora_unet_attn2_to_k.lora_down.weight ");
        var adapter = Report("image_proj.proj.weight ", "image_proj.norm.weight 0", "ip_adapter.1.to_k_ip.weight ");

        Assert.Equal("LoRA (kohya layout)", report.Kind?.Name);
        Assert.Equal("3 (first: lora_te_y)", Fact(report, "half only"));
        Assert.Null(Fact(adapter, "tokens"));
        Assert.Null(adapter.Kind?.Fits);
    }

    [Fact]
    public void A_name_as_long_as_a_header_may_be_is_matched_in_time()
    {
        var report = Report($"lora_unet_{new string('_', 1_000_000)}.lora_down.weight 4x4",
            $"lora_unet_{string.Concat(Enumerable.Repeat("attn2_to_", 100_000))} 4x4");

        Assert.Equal(2, report.Unknown?.Count);
    }

    private static string? Fact(CheckpointReport report, string name) => report.Facts.FirstOrDefault(fact => fact.Name == name).Value;

    // "NAME 320x768"; the shape stands after the last space.
    private static CheckpointReport Report(params string[] tensors)
    {
        using var archive = new NamedShapes(tensors.Select(text => (text[..text.LastIndexOf(' ')],
            text[(text.LastIndexOf(' ') + 1)..].Split('x', StringSplitOptions.RemoveEmptyEntries).Select(long.Parse).ToArray())));
        return CheckpointReport.Of(archive);
    }
}
