using Dramatis.Networks.Clip;
using Dramatis.Networks.ControlNet;
using Dramatis.Networks.UNet;
using Dramatis.Networks.Vae;
using Dramatis.Tensors;
using Dramatis.Tests.Verification;
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
    public void A_full_size_network_has_the_names_and_shapes_of_the_published_one(string name)
    {
        var config = File.ReadAllText(Path.Combine(Folder, $"{name}.config.json"));

        using var network = Layers.WithoutMemory<Module>(() => name.Split('-') switch
        {
            ["vae", ..] => new AutoencoderKL(VaeConfig.Parse(config)),
            ["controlnet", ..] => new Dramatis.Networks.ControlNet.ControlNet(ControlNetConfig.Parse(config)),
            ["unet", ..] => new Dramatis.Networks.UNet.UNet(UNetConfig.Parse(config)),

            // That this one projects is said by the model's index, not by its own config.
            ["clip", "text", "vit", "bigg", ..] => new ClipTextEncoder(ClipTextConfig.Parse(config) with { Projection = 1280 }),
            ["clip", "text", ..] => new ClipTextEncoder(ClipTextConfig.Parse(config)),
            _ => new ClipVisionEncoder(ClipVisionConfig.Parse(config)),
        });

        Assert.All(network.state_dict().Values, weight => Assert.Equal(DeviceType.META, weight.device_type));
        Assert.Equal(
            File.ReadAllLines(Path.Combine(Folder, $"{name}.txt")).Where(line => !line.Contains("position_ids", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
            network.state_dict().Select(item => $"{item.Key} {string.Join('x', item.Value.shape)}").Order(StringComparer.Ordinal));
    }
}
