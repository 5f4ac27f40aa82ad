using Dramatis.Conditioning;
using Dramatis.Networks.UNet;
using Dramatis.Tensors;
using Dramatis.Tests.Verification;

namespace Dramatis.Tests.Methods.IpAdapter;

/// <summary>The attention sites of the published base models.</summary>
internal static class PublishedSites
{
    public static IReadOnlyList<AttentionSite> Sd15 { get; } = Of("unet-sd15");

    public static IReadOnlyList<AttentionSite> Sdxl { get; } = Of("unet-sdxl");

    private static IReadOnlyList<AttentionSite> Of(string name)
    {
        var config = File.ReadAllText(Path.Combine(GoldenData.InRepository, "manifests", $"{name}.config.json"));
        using var unet = Layers.WithoutMemory(() => new UNet(UNetConfig.Parse(config)));
        return unet.Sites;
    }
}
