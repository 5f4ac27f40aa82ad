using Dramatis.Networks.UNet;

namespace Dramatis.Tests.Networks.UNet;

/// <summary>A UNet of two levels for tests: real code, few channels.</summary>
internal static class TinyUNet
{
    public static UNetConfig Config { get; } = new()
    {
        BlockWidths = [16, 32],
        LayersPerBlock = 1,
        Attention = [true, true],
        Heads = [2, 2],
        TransformerLayers = [1, 1],
        TextWidth = 12,
        LinearProjection = true,
        NormGroups = 4,
    };
}
