using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Tensors;

/// <summary>The layers that networks are made of. Networks take them from here, never from TorchSharp.</summary>
/// <remarks>
/// Three reasons. Linear layers and convolutions may keep weights in half precision and compute in single. Inside
/// <see cref="WithoutMemory{T}"/> they are made on the meta device; TorchSharp's own default device would change for all threads at once.
/// And TorchSharp 0.107 leaves the weights of a new <c>GroupNorm</c> as it finds the memory. Start values are otherwise PyTorch's.
/// </remarks>
internal static class Layers
{
    [ThreadStatic]
    private static Device? device;

    /// <summary>Builds a network of names and shapes: no memory, no random numbers, milliseconds at any size.</summary>
    public static T WithoutMemory<T>(Func<T> build)
        where T : Module
    {
        var before = device;
        device = META;
        try
        {
            return build();
        }
        finally
        {
            device = before;
        }
    }

    public static Linear Linear(int from, int to, bool hasBias = true) => new(from, to, hasBias, device);

    public static Conv2d Conv2d(int from, int to, int kernel, int stride = 1, int padding = 0, bool bias = true) =>
        new(new(from, to, kernel, stride, padding, bias), device);

    public static LayerNorm LayerNorm(int width, double eps = 1e-5) => nn.LayerNorm(width, eps, device: device);

    public static GroupNorm GroupNorm(int groups, int width, double eps)
    {
        var norm = nn.GroupNorm(groups, width, eps, device: device);
        init.ones_(norm.weight);
        init.zeros_(norm.bias);
        return norm;
    }

    /// <summary>A weight that starts with one value everywhere.</summary>
    public static Parameter Constant(double value, params long[] shape) => nn.Parameter(full(shape, value, device: device));

    /// <summary>A weight that starts with Gaussian noise.</summary>
    public static Parameter Normal(double deviation, params long[] shape)
    {
        using var noise = randn(shape, device: device);
        return nn.Parameter(noise * deviation);
    }
}
