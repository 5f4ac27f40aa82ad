using static TorchSharp.torch;

namespace Dramatis.Tensors;

/// <summary>Where a network computes, and in what type: no tensor is made for it anywhere else.</summary>
/// <param name="Type">Single, or half of either kind. What goes through sums, norms and samplers is single precision all the same.</param>
internal sealed record Compute(Device Device, ScalarType Type)
{
    /// <summary>A network's: norms and biases, unlike matrices, are always held in the type that it computes in.</summary>
    public static Compute Of(nn.Module network)
    {
        var weight = network.parameters().First(weight => weight.dim() == 1);
        return new(weight.device, weight.dtype);
    }
}

/// <summary>Tensors from one home to another. What is there already is not copied.</summary>
internal static class ComputeTensors
{
    /// <summary>The values as a network takes them.</summary>
    public static Tensor To(this Tensor x, Compute compute) => x.to(compute.Type, compute.Device);

    /// <summary>Half precision to single, for what would lose by it; other types as they are.</summary>
    public static Tensor Widen(this Tensor x) => x.to(x.dtype is ScalarType.Float16 or ScalarType.BFloat16 ? ScalarType.Float32 : x.dtype);
}
