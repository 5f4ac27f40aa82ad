using Dramatis.Checkpoints;
using Dramatis.Checkpoints.Kinds;

namespace Dramatis.Tests.Checkpoints;

/// <summary>Files as the official implementations write them, of tiny models.</summary>
public sealed class PublishedCheckpointTests
{
    [Theory]
    [InlineData("ip-adapter/models/ip-adapter_sd15.bin", "IP-Adapter", "tokens 4")]
    [InlineData("ip-adapter/models/ip-adapter_sdxl.safetensors", "IP-Adapter", "tokens 4")]
    [InlineData("ip-adapter/models/ip-adapter-plus_sd15.safetensors", "IP-Adapter Plus", "tokens 16")]
    [InlineData("ip-adapter/models/ip-adapter-plus_sdxl.bin", "IP-Adapter Plus", "tokens 16")]
    [InlineData("ip-adapter/models/ip-adapter-full-face_sd15.bin", "IP-Adapter with full image features", "sites 16")]
    [InlineData("ms-diffusion/models/ms_adapter.bin", "MS-Diffusion adapter", "dummy tokens 4")]
    [InlineData("easyref/ckpt-stage1/model.safetensors", "EasyRef adapter", "tokens 8")]
    [InlineData("easyref/ckpt-stage2/pytorch_model/mp_rank_00_model_states.pt", "EasyRef adapter", "tokens 8")]
    [InlineData("easyref/models/qwen2vl/model.safetensors", "Qwen2-VL language model", null)]
    [InlineData("fastcomposer/models/fastcomposer/pytorch_model.bin", "FastComposer model", null)]
    [InlineData("fastcomposer/models/clip/model.safetensors", "CLIP, text and vision", null)]
    [InlineData("cones2/residual/residuals/dog.pt", "residual embedding of Cones 2", "rows 1 of 1024")]
    [InlineData("cones2/residual/residuals/robot_toy.pt", "residual embedding of Cones 2", "rows 2 of 1024")]
    [InlineData("cones2/residual/residuals/dict.pt", "rows for words: residuals of Cones 2 by subject, or a textual inversion without brackets",
        "rows red bag 1 of 1024")]
    [InlineData("baselines/ti-files/learned_embeds.safetensors", "textual inversion", "rows <cat-toy> 1 of 32")]
    [InlineData("baselines/ti-files/multi/learned_embeds.bin", "textual inversion", "rows <big> 3 of 32")]
    [InlineData("baselines/ti-files/new1.bin", "textual inversion", "rows <new1> 1 of 32")]
    [InlineData("baselines/ti-files/webui-emb.safetensors", "textual inversion (web UI)", null)]
    [InlineData("baselines/ti-files/webui-style.pt", "textual inversion (web UI)", "rows my-style 2 of 32")]
    [InlineData("baselines/custom-diffusion-kv/pytorch_custom_diffusion_weights.bin", "Custom Diffusion weights (diffusers layout)", "changes k, v")]
    [InlineData("baselines/custom-diffusion-full/pytorch_custom_diffusion_weights.bin", "Custom Diffusion weights (diffusers layout)", "changes q, k, v, out")]
    [InlineData("baselines/custom-diffusion-merge/delta_merged.bin", "Custom Diffusion weights (original layout)", "words 1")]
    [InlineData("baselines/lora-formats/kohya/lora.safetensors", "LoRA (kohya layout)", "alpha 4")]
    [InlineData("baselines/lora-formats/peft/pytorch_lora_weights.safetensors", "LoRA (PEFT layout)", "networks te1 8, unet 128")]
    [InlineData("baselines/lora-formats/diffusers/pytorch_lora_weights.safetensors", "LoRA (diffusers layout)", "rank 4")]
    [InlineData("baselines/lora-formats/diffusers-bin/pytorch_lora_weights.bin", "LoRA (diffusers layout)", "targets text attention 8, attention 128")]
    [InlineData("baselines/lora-formats/old-attn-procs/pytorch_lora_weights.bin", "LoRA (old diffusers layout)", "networks te1 8, unet 128")]
    [InlineData("baselines/lora-formats/old-unet-only/pytorch_lora_weights.bin", "LoRA (old diffusers layout)", "networks unet 128")]
    [InlineData("baselines/lora-alpha/kohya/lora.safetensors", "LoRA (kohya layout)", "alpha 1.5")]
    [InlineData("baselines/lora-alpha/diffusers-metadata/pytorch_lora_weights.safetensors", "LoRA (diffusers layout)", "alpha 1.5")]
    [InlineData("baselines/lora-kohya-locon/uniform-alpha2.safetensors", "LoRA (kohya layout)", "alpha 2")]
    [InlineData("baselines/lora-kohya-locon/mixed-rank.safetensors", "LoRA (kohya layout)", "flavour LoCon, which changes kernels too")]
    [InlineData("baselines/lora-sdxl/kohya-sgm.safetensors", "LoRA (kohya layout)", "rank 4")]
    [InlineData("baselines/lora-sdxl/kohya-diffusers-names.safetensors", "LoRA (kohya layout)", "rank 4")]
    [InlineData("baselines/lora-sdxl/pytorch_lora_weights.safetensors", "LoRA (PEFT layout)", "rank 4")]
    [InlineData("pipelines/models/single-file/sd15.ckpt", "Stable Diffusion 1.x in a single file", "paints from text")]
    [InlineData("pipelines/models/single-file/sdxl.safetensors", "SDXL in a single file", "paints from text")]
    [InlineData("pipelines/models/sd15-inpaint/unet/diffusion_pytorch_model.fp16.safetensors", "UNet",
        "paints inside a mask (inpainting: 9 channels in, 4 out)")]
    [InlineData("pipelines/models/sd21-v/unet/diffusion_pytorch_model.safetensors.index.json", "UNet", null)]
    [InlineData("pipelines/models/controlnet-sd15/diffusion_pytorch_model.safetensors", "ControlNet", null)]
    [InlineData("cones2/model/vae/diffusion_pytorch_model.safetensors", "VAE", null)]
    [InlineData("cones2/model/text_encoder/model.safetensors", "CLIP text encoder", null)]
    [InlineData("metrics/dino/hub/dino_deitsmall16_pretrain.pth", "DINO vision encoder (original layout)", null)]
    [InlineData("metrics/dino/hf/model.safetensors", "DINO vision encoder", null)]
    [InlineData("metrics/dinov2/model.safetensors", "DINOv2 vision encoder", null)]
    public void An_official_file_is_known_to_its_last_name(string file, string kind, string? fact)
    {
        using var archive = TensorArchive.Open(Path.Combine(GoldenFolder.Shared(), file));

        var report = CheckpointReport.Of(archive);

        Assert.Equal(kind, report.Kind?.Name);
        Assert.Contains(fact ?? "", report.Facts.Select(item => $"{item.Name} {item.Value}").Append(""));
        Assert.Equal([], report.Unknown);
    }
}
