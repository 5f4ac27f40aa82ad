using static TorchSharp.torch.nn;

namespace Dramatis.Tensors;

/// <summary>A network whose linear layers may hold their weights in 8 bits: nothing else looks at these.</summary>
internal interface IEightBitNetwork;

/// <summary>Those layers.</summary>
internal static class EightBitLayers
{
    /// <summary>The layers by the names of their weights.</summary>
    public static IReadOnlyDictionary<string, Linear> Of(Module network)
    {
        var all = network.named_modules().Prepend(("", network)).ToList();
        string[] able = [.. all.Where(item => item.Item2 is IEightBitNetwork).Select(item => item.Item1.Length == 0 ? "" : $"{item.Item1}.")];
        return all.Where(item => item.Item2 is Linear && Array.Exists(able, prefix => item.Item1.StartsWith(prefix, StringComparison.Ordinal)))
            .ToDictionary(item => $"{item.Item1}.{INarrowLayer.WeightName}", item => (Linear)item.Item2);
    }

    /// <summary>Takes a network that is there to 8 bits, one layer at a time.</summary>
    public static void Compress(Module network)
    {
        foreach (var layer in Of(network).Values)
        {
            layer.Compress(layer.weight);
        }
    }
}
