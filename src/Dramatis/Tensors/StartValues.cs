using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Tensors;

/// <summary>What PyTorch gives new linear layers and convolutions: uniform numbers around 0, up to 1 / sqrt(inputs of one output).</summary>
internal static class StartValues
{
    public static Parameter Weight(Device? device, params long[] shape)
    {
        var weight = Own(shape, device);
        init.kaiming_uniform_(weight, Math.Sqrt(5));    // a gain that leaves 1 / sqrt(inputs)
        return weight;
    }

    public static Parameter Bias(Tensor weight)
    {
        var bias = Own([weight.shape[0]], weight.device);
        var bound = 1 / Math.Sqrt(weight.numel() / weight.shape[0]);
        init.uniform_(bias, -bound, bound);
        return bias;
    }

    // Weights belong to their layer, whatever scope its builder has open.
    private static Parameter Own(long[] shape, Device? device)
    {
        var weight = nn.Parameter(empty(shape, device: device));
        weight.DetachFromDisposeScope();
        return weight;
    }
}
