using Dramatis.Checkpoints;
using Dramatis.Checkpoints.Kinds;

namespace Dramatis.Tests.Checkpoints.Kinds;

public sealed class CheckpointKindTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("UNet", "SDXL", 2048, "conv_in.weight", "time_embedding.linear_1.weight", "mid_block.attentions.0.transformer_blocks.0.attn2.to_k.weight")]
    [InlineData("ControlNet", "Stable Diffusion 1.x", 768, "conv_in.weight", "time_embedding.linear_1.weight", "controlnet_cond_embedding.conv_in.weight",
        "mid_block.attentions.0.transformer_blocks.0.attn2.to_k.weight")]
    [InlineData("IP-Adapter Plus", "SDXL", 2048, "image_proj.latents", "ip_adapter.1.to_k_ip.weight")]
    [InlineData("IP-Adapter FaceID", "Stable Diffusion 1.x", 768, "image_proj.proj.0.weight", "ip_adapter.0.to_q_lora.down.weight",
        "ip_adapter.1.to_k_ip.weight")]
    [InlineData("MS-Diffusion adapter", "SDXL", 2048, "image_proj.grounding_latents", "dummy_image_tokens", "ms_adapter.1.to_k_ip.weight")]
    [InlineData("LoRA (kohya layout)", "Stable Diffusion 2.x", 1024, "lora_unet_mid_block_attentions_0_transformer_blocks_0_attn2_to_k.lora_down.weight")]
    [InlineData("Stable Diffusion in a single file, without a text encoder", "SDXL", 2048, "model.diffusion_model.input_blocks.0.0.weight",
        "model.diffusion_model.middle_block.1.transformer_blocks.0.attn2.to_k.weight")]
    [InlineData("textual inversion", "Stable Diffusion 1.x", 768, "<my-cat>")]
    [InlineData("UNet", "a base model whose text is 192 wide", 192, "conv_in.weight", "time_embedding.linear_1.weight",
        "mid_block.attentions.0.transformer_blocks.0.attn2.to_k.weight")]
    [InlineData("CLIP vision encoder", null, 5, "vision_model.embeddings.class_embedding")]
    public void Names_tell_the_kind_and_a_width_what_it_fits(string kind, string? fits, int width, params string[] names)
    {
        SafetensorsWriter.Write(folder["a"], [.. names.Select(name => new TensorSource(name, TensorType.U8, [1, width], () => new byte[width]))]);
        using var archive = TensorArchive.Open(folder["a"]);

        var found = CheckpointKind.Of(archive);

        Assert.Equal((kind, fits), (found?.Name, found?.Fits));
    }

    [Theory]
    [InlineData(CheckpointType.Lora, "lora_unet_conv_in.lora_up.weight")]
    [InlineData(CheckpointType.Lora, "unet.mid_block.attentions.0.transformer_blocks.0.attn2.to_k.lora.down.weight")]
    [InlineData(CheckpointType.Lora, "conv_in.lora_A.default.weight", "conv_in.lora_magnitude_vector")]
    [InlineData(CheckpointType.CustomDiffusion, "mid_block.attn2.processor.to_q_custom_diffusion.weight")]
    [InlineData(CheckpointType.CustomDiffusion, "unet.mid_block.attn2.to_v.weight", "modifier_token.<new1>")]
    [InlineData(CheckpointType.ConceptNeurons, "mid_block.attn2.to_k.neurons")]
    [InlineData(CheckpointType.LearnedWord, "<my.cat>")]
    [InlineData(CheckpointType.LearnedWord, "clip_l", "clip_g")]
    [InlineData(CheckpointType.Residual, "root")]
    [InlineData(CheckpointType.LearnedRows, "cat", "dog")]
    [InlineData(CheckpointType.Sd21File, "model.diffusion_model.input_blocks.0.0.weight", "cond_stage_model.model.ln_final.bias")]
    [InlineData(CheckpointType.SdxlFile, "state_dict.model.diffusion_model.input_blocks.0.0.weight", "state_dict.model.diffusion_model.label_emb.0.0.bias")]
    [InlineData(CheckpointType.OriginalControlNet, "control_model.input_hint_block.0.weight", "model.diffusion_model.input_blocks.0.0.weight")]
    [InlineData(CheckpointType.IpAdapterFaceId, "image_proj.proj.0.weight", "image_proj.norm.weight")]
    [InlineData(CheckpointType.Other, "encoder.conv_in.weight", "decoder.conv_in.weight")]
    public void Names_tell_who_reads_it(CheckpointType type, params string[] names)
    {
        SafetensorsWriter.Write(folder["a"], [.. names.Select(name => new TensorSource(name, TensorType.U8, [1, 2], () => new byte[2]))]);

        Assert.Equal(type, CheckpointKind.Of(folder["a"])?.Type);
    }

    [Fact]
    public void Names_of_no_known_kind_are_none()
    {
        SafetensorsWriter.Write(folder["a"], [new("something", TensorType.U8, [1], () => new byte[1])]);
        using var archive = TensorArchive.Open(folder["a"]);

        Assert.Null(CheckpointKind.Of(archive));
    }
}
