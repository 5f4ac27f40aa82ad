using Dramatis.Errors;
using Dramatis.Networks.Clip;
using Dramatis.Networks.UNet;
using Dramatis.Networks.Vae;
using Dramatis.Tests.Networks.UNet;
using Dramatis.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Dramatis.Tests.Weights;

/// <summary>Networks that are right for what they are: they load, or are refused by what they are.</summary>
public sealed class KindsOfNetworksTests : IDisposable
{
    private static readonly ClipTower Tower = new() { Width = 16, Layers = 2, Heads = 2, InnerWidth = 32 };
    private static readonly ClipTextConfig Text = new() { Tower = Tower, Vocabulary = 50, Positions = 12 };
    private static readonly ClipVisionConfig Vision = new() { Tower = Tower, Side = 12, Patch = 4, Projection = 8 };

    private readonly DisposeScope scope = NewDisposeScope();
    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;

    public void Dispose()
    {
        scope.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void What_training_leaves_in_a_text_encoder_s_folder_is_no_loss()
    {
        using var encoder = new ClipTextEncoder(Text);
        Write("text_encoder", Text.ToJson(), "model.safetensors", encoder.state_dict(),
            ("text_projection.weight", zeros(16, 16)), ("logit_scale", tensor(1f)), ("text_model.embeddings.position_ids", arange(12)));

        using var loaded = Open().LoadTextEncoder();

        AssertSame(encoder, loaded);
    }

    [Fact]
    public void The_whole_of_CLIP_is_its_halves()
    {
        using var vision = new ClipVisionEncoder(Vision);
        using var text = new ClipTextEncoder(Text);
        var whole = $$"""{"model_type": "clip", "projection_dim": 8, "text_config": {{Text.ToJson()}}, "vision_config": {{Vision.ToJson()}}}""";
        var weights = vision.state_dict().Concat(text.state_dict()).ToDictionary();
        foreach (var name in (string[])["image_encoder", "text_encoder"])
        {
            Write(name, whole, "model.safetensors", weights, ("logit_scale", tensor(1f)), ("text_projection.weight", zeros(8, 16)));
        }

        using var ofPictures = Open().LoadImageEncoder();
        using var ofTexts = Open().LoadTextEncoder();

        AssertSame(vision, ofPictures);
        AssertSame(text, ofTexts);
    }

    [Fact]
    public void A_layer_too_many_is_no_left_over()
    {
        using var encoder = new ClipTextEncoder(Text with { Tower = Tower with { Layers = 3 } });
        Write("text_encoder", Text.ToJson(), "model.safetensors", encoder.state_dict());

        var error = Assert.Throws<WeightMismatchException>(() => Open().LoadTextEncoder());

        Assert.StartsWith("text_model.encoder.layers.2.", error.Unexpected[0], StringComparison.Ordinal);
        Assert.DoesNotContain("another model", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_UNet_without_a_middle_does_without()
    {
        var config = TinyUNet.Config with { HasMiddle = false };
        using var unet = new UNet(config);
        Write("unet", config.ToJson(), "diffusion_pytorch_model.safetensors", unet.state_dict());

        using var loaded = Open().LoadUNet();

        Assert.Equal(config.ToJson(), loaded.Config.ToJson());
        AssertSame(unet, loaded);
        Assert.DoesNotContain(loaded.Sites, site => site.Path.StartsWith("mid_block", StringComparison.Ordinal));
        Assert.DoesNotContain(loaded.named_parameters(), item => item.name.StartsWith("mid_block", StringComparison.Ordinal));
    }

    [Fact]
    public void A_model_that_is_told_the_guidance_is_refused_by_that()
    {
        var config = TinyUNet.Config.ToJson().Replace("\"act_fn\"", "\"time_cond_proj_dim\": 256, \"act_fn\"", StringComparison.Ordinal);

        var error = Assert.Throws<InvalidConfigException>(() => UNetConfig.Parse(config));

        Assert.Contains("\"time_cond_proj_dim\" is 256", error.Message, StringComparison.Ordinal);
        Assert.Contains("latent consistency", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SDXL_s_refiner_is_refused_by_what_it_is()
    {
        var index = Path.Combine(folder, "model_index.json");
        File.WriteAllText(index, """{"_class_name": "StableDiffusionXLImg2ImgPipeline", "requires_aesthetics_score": true}""");

        Assert.Contains("refiner", Assert.Throws<InvalidConfigException>(() => ModelFolder.Open(folder)).Message, StringComparison.Ordinal);

        Directory.CreateDirectory(Path.Combine(folder, "text_encoder_2"));
        File.WriteAllText(index, "{}");
        Assert.Contains("refiner", Assert.Throws<InvalidConfigException>(() => ModelFolder.Open(folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_another_kind_is_called_by_its_kind()
    {
        using var vae = new AutoencoderKL(new VaeConfig { BlockWidths = [8, 16], NormGroups = 4 });
        Write("unet", TinyUNet.Config.ToJson(), "diffusion_pytorch_model.safetensors", vae.state_dict());

        var error = Assert.Throws<WeightMismatchException>(() => Open().LoadUNet());

        Assert.Contains("By its names it is: VAE.", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("another model", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_model_is_one_of_other_shapes()
    {
        using var encoder = new ClipTextEncoder(Text with { Tower = Tower with { InnerWidth = 48 } });
        Write("text_encoder", Text.ToJson(), "model.safetensors", encoder.state_dict());

        Assert.Contains(
            "Is it the file of another model?", Assert.Throws<WeightMismatchException>(() => Open().LoadTextEncoder()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_whole_is_said_to_be_so()
    {
        using var encoder = new ClipTextEncoder(Text);
        var most = encoder.state_dict().Where(item => !item.Key.Contains("fc1", StringComparison.Ordinal)).ToDictionary();
        Write("text_encoder", Text.ToJson(), "model.safetensors", most);

        var error = Assert.Throws<WeightMismatchException>(() => Open().LoadTextEncoder());

        Assert.Contains("fc1", error.Missing[0], StringComparison.Ordinal);
        Assert.DoesNotContain("another model", error.Message, StringComparison.Ordinal);
    }

    private ModelFolder Open()
    {
        File.WriteAllText(Path.Combine(folder, "model_index.json"), "{}");
        return ModelFolder.Open(folder);
    }

    private void Write(string network, string config, string file, IReadOnlyDictionary<string, Tensor> weights, params (string Name, Tensor Values)[] more)
    {
        var path = Directory.CreateDirectory(Path.Combine(folder, network)).FullName;
        File.WriteAllText(Path.Combine(path, ModelPart.ConfigName), config);
        Checkpoint.Save(weights.Concat(more.Select(item => KeyValuePair.Create(item.Name, item.Values))).ToDictionary(), Path.Combine(path, file));
    }

    private static void AssertSame(nn.Module expected, nn.Module actual)
    {
        var weights = actual.state_dict();
        Assert.Equal(expected.state_dict().Keys.Order(), weights.Keys.Order());
        Assert.All(expected.state_dict(), item => Assert.True(item.Value.equal(weights[item.Key]).all().item<bool>(), item.Key));
    }
}
