using Dramatis.Configs;
using Dramatis.Methods.IpAdapter;
using Dramatis.Networks.UNet;

namespace Dramatis.Tests.Methods.IpAdapter;

/// <summary>Adapters and what they need at a size for tests.</summary>
internal static class TinyAdapter
{
    public static IpAdapterConfig Base { get; } = new() { Source = TokenSource.Embedding, FeatureWidth = 10, TokenWidth = 12, Tokens = 4 };

    public static IpAdapterConfig Plus { get; } = IpAdapterConfig.OfPerceiver(new()
    {
        Width = 16,
        Depth = 1,
        Heads = 2,
        HeadWidth = 8,
        Queries = 3,
        FeatureWidth = 14,
        OutputWidth = 12,
    });

    public static UNet UNet(int textWidth = 12) => new(new()
    {
        BlockWidths = [16, 16],
        LayersPerBlock = 1,
        Attention = [true, false],
        Heads = [2, 2],
        TransformerLayers = [1, 1],
        TextWidth = textWidth,
        NormGroups = 4,
    });

    /// <summary>What a <c>config.json</c> says.</summary>
    public static ConfigReader Settings(string json = """{"method": "ip-adapter", "dim_head": 8}""") => ConfigReader.Parse(json, "config.json");
}
