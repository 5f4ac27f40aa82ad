using Dramatis.Networks.Clip;
using Dramatis.Networks.ControlNet;
using Dramatis.Networks.Dino;
using Dramatis.Networks.Qwen2Vl;
using Dramatis.Networks.UNet;
using Dramatis.Networks.Vae;
using Dramatis.Tensors;
using Dramatis.Tests.Verification;
using Dramatis.Weights;
using TorchSharp;
using static TorchSharp.torch.nn;

namespace Dramatis.Tests.Networks;

/// <summary>Networks at full size, without memory.</summary>
public sealed class ManifestTests
{
    private static readonly string Folder = Path.Combine(GoldenData.InRepository, "manifests");

    [Theory]
    [InlineData("vae-sd")]
    [InlineData("unet-sd15")]
    [InlineData("unet-sd15-inpaint")]
    [InlineData("unet-sd21")]
    [InlineData("unet-sdxl")]
    [InlineData("controlnet-sd15")]
    [InlineData("controlnet-sdxl")]
    [InlineData("clip-text-vit-l-14")]
    [InlineData("clip-text-vit-h-14-sd21")]
    [InlineData("clip-text-vit-bigg-14")]
    [InlineData("clip-vision-vit-l-14")]
    [InlineData("clip-vision-vit-h-14")]
    [InlineData("clip-vision-vit-bigg-14")]
    [InlineData("dino-vits16")]
    [InlineData("dinov2-base")]
    public void A_full_size_network_has_the_names_and_shapes_of_the_published_one(string name)
    {
        var config = Config(name);

        using var network = Layers.WithoutMemory<Module>(() => name.Split('-') switch
        {
            ["vae", ..] => new AutoencoderKL(VaeConfig.Parse(config)),
            ["controlnet", ..] => new Dramatis.Networks.ControlNet.ControlNet(ControlNetConfig.Parse(config)),
            ["dino" or "dinov2", ..] => new DinoEncoder(DinoConfig.Parse(config)),
            ["unet", ..] => new Dramatis.Networks.UNet.UNet(UNetConfig.Parse(config)),

            // That this one projects is said by the model's index, not by its own config.
            ["clip", "text", "vit", "bigg", ..] => new ClipTextEncoder(ClipTextConfig.Parse(config) with { Projection = 1280 }),
            ["clip", "text", ..] => new ClipTextEncoder(ClipTextConfig.Parse(config)),
            _ => new ClipVisionEncoder(ClipVisionConfig.Parse(config)),
        });

        AssertPublished(name, network);
    }

    [Fact]
    public void The_settings_of_a_family_build_its_published_networks()
    {
        foreach (var (name, build) in Families())
        {
            using var network = Layers.WithoutMemory(build);

            AssertPublished(name, network);
        }
    }

    [Fact]
    public void The_settings_of_a_family_are_the_published_ones()
    {
        Assert.Equal(UNetConfig.Parse(Config("unet-sd15")).ToJson(), ModelFamily.Sd15.UNet.ToJson());
        Assert.Equal(UNetConfig.Parse(Config("unet-sd21")).ToJson(), ModelFamily.Sd21.UNet.ToJson());
        Assert.Equal(UNetConfig.Parse(Config("unet-sdxl")).ToJson(), ModelFamily.Sdxl.UNet.ToJson());
        Assert.Equal(VaeConfig.Parse(Config("vae-sd")).ToJson(), ModelFamily.Sd15.Vae.ToJson());
        Assert.Equal(ClipTextConfig.Parse(Config("clip-text-vit-l-14")).Tower, ModelFamily.Sdxl.TextEncoders[0].Tower);
        Assert.Equal(ClipTextConfig.Parse(Config("clip-text-vit-h-14-sd21")).Tower, ModelFamily.Sd21.TextEncoders[0].Tower);
        Assert.Equal(ClipTextConfig.Parse(Config("clip-text-vit-bigg-14")).Tower, ModelFamily.Sdxl.TextEncoders[1].Tower);
        Assert.Equal(.13025, ModelFamily.Sdxl.Vae.ScalingFactor);
    }

    [Fact]
    public void Qwen2_vl_has_the_names_and_shapes_of_the_published_one_but_for_the_head()
    {
        using var network = Layers.WithoutMemory(() => new Qwen2VlModel(Qwen2VlConfig.TwoBillion));

        var published = File.ReadAllLines(Path.Combine(Folder, "qwen2-vl-2b-instruct.new-naming.txt")).Select(line => line.Split(' '))
            .Where(line => line[0] != "lm_head.weight").Select(line => $"{Qwen2VlFiles.HomeName(line[0])} {line[1]}");
        Assert.Equal(published.Order(StringComparer.Ordinal), network.state_dict()
            .Select(item => $"{item.Key} {string.Join('x', item.Value.shape)}").Order(StringComparer.Ordinal));
        Assert.Equal(2_208_985_600, network.parameters().Sum(weight => weight.numel()));
    }

    private static IEnumerable<(string Name, Func<Module> Build)> Families() =>
    [
        ("unet-sd15", () => new Dramatis.Networks.UNet.UNet(ModelFamily.Sd15.UNet)),
        ("unet-sd15-inpaint", () => new Dramatis.Networks.UNet.UNet(ModelFamily.Sd15.UNet with { InChannels = 9 })),
        ("unet-sd21", () => new Dramatis.Networks.UNet.UNet(ModelFamily.Sd21.UNet)),
        ("unet-sdxl", () => new Dramatis.Networks.UNet.UNet(ModelFamily.Sdxl.UNet)),
        ("vae-sd", () => new AutoencoderKL(ModelFamily.Sdxl.Vae)),
        ("controlnet-sd15", () => new Dramatis.Networks.ControlNet.ControlNet(new() { Blocks = ModelFamily.Sd15.UNet })),
        ("controlnet-sdxl", () => new Dramatis.Networks.ControlNet.ControlNet(new() { Blocks = ModelFamily.Sdxl.UNet })),
        ("clip-text-vit-l-14", () => new ClipTextEncoder(ModelFamily.Sd15.TextEncoders[0])),
        ("clip-text-vit-h-14-sd21", () => new ClipTextEncoder(ModelFamily.Sd21.TextEncoders[0])),
        ("clip-text-vit-bigg-14", () => new ClipTextEncoder(ModelFamily.Sdxl.TextEncoders[1])),
    ];

    private static string Config(string name) => File.ReadAllText(Path.Combine(Folder, $"{name}.config.json"));

    private static void AssertPublished(string name, Module network)
    {
        Assert.All(network.state_dict().Values, weight => Assert.Equal(DeviceType.META, weight.device_type));
        Assert.Equal(
            File.ReadAllLines(Path.Combine(Folder, $"{name}.txt")).Where(line => !line.Contains("position_ids", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal),
            network.state_dict().Select(item => $"{item.Key} {string.Join('x', item.Value.shape)}").Order(StringComparer.Ordinal));
    }
}
