using Dramatis.Networks.Vae;
using Dramatis.Tensors;
using Dramatis.Tests.Verification;
using TorchSharp;

namespace Dramatis.Tests.Networks.Vae;

public sealed class VaeManifestTests
{
    [Fact]
    public void The_full_size_network_has_the_names_and_shapes_of_the_published_one()
    {
        var folder = Path.Combine(GoldenData.InRepository, "manifests");
        var config = VaeConfig.Parse(File.ReadAllText(Path.Combine(folder, "vae-sd.config.json")));

        using var vae = Layers.WithoutMemory(() => new AutoencoderKL(config));

        Assert.All(vae.state_dict().Values, weight => Assert.Equal(DeviceType.META, weight.device_type));
        Assert.Equal(
            File.ReadAllLines(Path.Combine(folder, "vae-sd.txt")).Order(StringComparer.Ordinal),
            vae.state_dict().Select(item => $"{item.Key} {string.Join('x', item.Value.shape)}").Order(StringComparer.Ordinal));
    }
}
