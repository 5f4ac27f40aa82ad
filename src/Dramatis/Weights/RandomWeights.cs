using Dramatis.Tensors;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Weights;

/// <summary>Networks whose weights are noise: of no use to paint with, but as large and as fast as trained ones.</summary>
public static class RandomWeights
{
    /// <summary>A network, given memory once.</summary>
    /// <remarks>Noise of variance 1 / inputs leaves the size of activations as it is; norms start with 1 and 0.</remarks>
    public static T Build<T>(Func<T> build)
        where T : Module
    {
        var network = Layers.WithoutMemory(build);
        using var off = no_grad();
        foreach (var (name, weight) in network.state_dict())
        {
            using var scope = NewDisposeScope();
            Checkpoint.Give(weight, Noise(name, weight));
            weight.DetachFromDisposeScope();
        }

        return network;
    }

    private static Tensor Noise(string name, Tensor weight)
    {
        if (weight.dim() < 2)
        {
            return full(weight.shape, name.EndsWith("bias", StringComparison.Ordinal) ? 0f : 1f);
        }

        var reach = Math.Sqrt(3.0 * weight.shape[0] / weight.numel());
        return empty(weight.shape).uniform_(-reach, reach);
    }
}
