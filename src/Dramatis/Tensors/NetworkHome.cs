using static TorchSharp.torch;

namespace Dramatis.Tensors;

/// <summary>Networks from one device to another.</summary>
internal static class NetworkHome
{
    /// <summary>Moves all weights; who holds one finds it there. Before an optimiser takes them: gradients stay behind.</summary>
    /// <remarks>The library's own way refuses modules that hide a field of their base class.</remarks>
    public static void Move(nn.Module network, Device device)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        foreach (var weight in network.state_dict().Values)
        {
            var there = weight.detach().to(device);
            there.requires_grad_(weight.requires_grad);
            TensorSwap.Exchange(weight, there);    // what goes is the scope's then
        }
    }
}
