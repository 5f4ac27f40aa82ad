using System.Text;
using Dramatis.Checkpoints;
using Dramatis.Cli.Host;

namespace Dramatis.Cli.Tests;

/// <summary><c>dramatis paint</c> with a model that is damaged, or put together of what does not belong together.</summary>
[Collection(CommandRun.Collection)]
public sealed class SpoiledModelTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dramatis-test-");

    // Without a place it would get one from a first pass.
    private string dog = $"dog={ShippedSamples.Dog}@0.1,0.2,0.6,0.9";

    public SpoiledModelTests() => ShippedModel.CopyTo(Model);

    private string Model => Path.Combine(folder.FullName, "model");

    private string Out => Path.Combine(folder.FullName, "out.png");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("model_index.json")]
    [InlineData("unet")]
    [InlineData("vae")]
    [InlineData("text_encoder")]
    [InlineData("tokenizer")]
    [InlineData("unet/config.json")]
    [InlineData("unet/diffusion_pytorch_model.safetensors")]
    [InlineData("vae/config.json")]
    [InlineData("text_encoder/model.safetensors")]
    [InlineData("tokenizer/vocab.json")]
    [InlineData("scheduler/scheduler_config.json")]
    public async Task What_is_missing_is_named(string part)
    {
        var path = In(part);
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
        else
        {
            File.Delete(path);
        }

        await Refused(Path.GetFileName(part));
    }

    [Theory]
    [InlineData("model_index.json", 10)]
    [InlineData("unet/config.json", 10)]
    [InlineData("unet/diffusion_pytorch_model.safetensors", 100_000)]
    [InlineData("unet/diffusion_pytorch_model.safetensors", 1_000)]
    [InlineData("vae/diffusion_pytorch_model.safetensors", 0)]
    [InlineData("text_encoder/model.safetensors", 4)]
    [InlineData("tokenizer/vocab.json", 100)]
    [InlineData("scheduler/scheduler_config.json", 0)]
    public async Task What_is_truncated_is_named(string part, long bytes)
    {
        using (var file = File.OpenWrite(In(part)))
        {
            file.SetLength(bytes);
        }

        await Refused(In(part));
    }

    [Fact]
    public async Task Settings_that_are_no_UTF_8_are_named()
    {
        await File.WriteAllTextAsync(In("unet/config.json"), "{\"name\": \"caf\u00e9\"}", Encoding.Latin1, TestContext.Current.CancellationToken);

        await Refused(In("unet/config.json"), "is not UTF-8 text (byte 13); save it as UTF-8.");
    }

    [Fact]
    public async Task A_way_of_sampling_that_does_not_exist_here_is_named_with_those_that_do()
    {
        await Change("scheduler/scheduler_config.json", "DDIMScheduler", "KarrasVeScheduler");

        await Refused(In("scheduler/scheduler_config.json"), "\"_class_name\" is \"KarrasVeScheduler\"", "ddim, euler, euler-ancestral,");
    }

    [Fact]
    public async Task A_way_of_sampling_that_a_request_names_is_taken_instead()
    {
        await Change("scheduler/scheduler_config.json", "DDIMScheduler", "KarrasVeScheduler");

        var (code, _, error) = await Paint("--sampler", "euler", "--steps", "1", "--size", "64x64");

        Assert.True(code == 0, error);
    }

    [Fact]
    public async Task An_MS_Diffusion_adapter_of_another_family_is_refused_before_places_are_found()
    {
        dog = $"dog={ShippedSamples.Dog}";
        File.Delete(In("adapters/ms-diffusion/config.json"));
        Write(
            "adapters/ms-diffusion/adapter.safetensors", ("image_proj.grounding_latents", [1, 16, 64]), ("image_proj.layers.0.0.to_q.weight", [64, 64]),
            ("image_proj.layers.0.1.1.weight", [256, 64]), ("image_proj.proj_in.weight", [64, 192]), ("image_proj.latent_proj.0.weight", [64, 256]),
            ("image_proj.proj_out.weight", [768, 64]), ("dummy_image_tokens", [1, 4, 768]));

        await Refused(In("adapters/ms-diffusion/adapter.safetensors"),
            "is an adapter for Stable Diffusion 1.x, but the model is a base model whose text is 192 wide");
    }

    [Fact]
    public async Task An_IP_Adapter_of_another_family_is_refused()
    {
        File.Delete(In("adapters/ip-adapter/adapter.safetensors"));
        await File.WriteAllTextAsync(In("adapters/ip-adapter/config.json"), """{"method": "ip-adapter"}""", TestContext.Current.CancellationToken);
        Write(
            "adapters/ip-adapter/ip-adapter_sdxl.safetensors", ("image_proj.proj.weight", [8192, 192]), ("image_proj.proj.bias", [8192]),
                ("image_proj.norm.weight", [2048]),
            ("image_proj.norm.bias", [2048]), ("ip_adapter.1.to_k_ip.weight", [64, 2048]), ("ip_adapter.1.to_v_ip.weight", [64, 2048]));

        await Refused(
            ["--method", "ip-adapter"], In("adapters/ip-adapter/ip-adapter_sdxl.safetensors"), "its tokens are 2048 wide, but the text of this model is 192.");
    }

    [Fact]
    public async Task A_LoRA_of_another_family_is_refused()
    {
        const string layer = "unet.mid_block.attentions.0.transformer_blocks.0.attn2.to_k";
        Write("lora.safetensors", ($"{layer}.lora_A.weight", [4, 768]), ($"{layer}.lora_B.weight", [1280, 4]));

        await Refused(["--lora", In("lora.safetensors")], In("lora.safetensors"));
    }

    [Fact]
    public async Task A_learned_word_of_another_family_is_refused()
    {
        Write("word.safetensors", ("<cat>", [1, 768]));

        await Refused(["--lora", In("word.safetensors")], In("word.safetensors"), "was learned for texts of width 768; this model's are 192 wide");
    }

    [Fact]
    public async Task A_residual_of_another_family_is_refused()
    {
        Write("residual.safetensors", ("root", [1, 1024]));

        await Refused(["-s", $"beach=residual:{In("residual.safetensors")}@0,0,1,1"], In("residual.safetensors"),
            "1024 wide, but the text of this model is 192 wide");
    }

    [Fact]
    public async Task A_ControlNet_of_another_family_is_refused()
    {
        Directory.CreateDirectory(In("canny"));
        await File.WriteAllTextAsync(
            In("canny/config.json"), """{"block_out_channels": [320, 640, 1280, 1280], "cross_attention_dim": 768}""", TestContext.Current.CancellationToken);

        await Refused(["--control", $"{In("canny")}={ShippedSamples.Dog}"], In("canny"));
    }

    [Fact]
    public async Task A_text_encoder_of_another_family_is_refused()
    {
        await Change("unet/config.json", "\"cross_attention_dim\": 192", "\"cross_attention_dim\": 768");

        await Refused(In("unet"));
    }

    private static Task<string> Read(string path) => File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);

    private Task Refused(params string[] words) => Refused([], words);

    // One line that names what is wrong, after that which says that the model is loaded; exit code 1, and no picture.
    private async Task Refused(string[] options, params string[] words)
    {
        var (code, output, error) = await Paint(options);

        Assert.Equal((ExitCode.Failed, ""), (code, output));
        var line = Assert.Single(error.TrimEnd().Split('\n'), line => !line.StartsWith("loading ", StringComparison.Ordinal));
        Assert.StartsWith("error: ", line, StringComparison.Ordinal);
        Assert.All(words, word => Assert.Contains(word, line, StringComparison.Ordinal));
        Assert.Empty(folder.GetFiles());
    }

    private Task<(int Code, string Output, string Error)> Paint(params string[] options) =>
        CommandRun.Of(["paint", "a {dog} on a beach", "-s", dog, "--model", Model, "-o", Out, .. options]);

    private async Task Change(string part, string before, string after)
    {
        var text = await Read(In(part));
        Assert.Contains(before, text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(In(part), text.Replace(before, after, StringComparison.Ordinal), TestContext.Current.CancellationToken);
    }

    private void Write(string part, params (string Name, long[] Shape)[] tensors) => SafetensorsWriter.Write(In(part), [.. tensors.Select(tensor =>
        new TensorSource(tensor.Name, TensorType.U8, tensor.Shape, () => new byte[tensor.Shape.Aggregate(1L, (product, side) => product * side)]))]);

    private string In(string part) => Path.Combine(Model, part);
}
