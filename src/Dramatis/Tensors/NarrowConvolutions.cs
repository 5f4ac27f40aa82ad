using static TorchSharp.torch;

namespace Dramatis.Tensors;

/// <summary>While it lives, convolutions of this thread compute in bfloat16, forth and back; their weights and what they give stay as they are.</summary>
/// <remarks>
/// Processors with matrix units do them several times faster so. Those from or to a few channels (a picture's three) are left alone:
/// they gain nothing, and the library's give no numbers.
/// </remarks>
internal sealed class NarrowConvolutions : IDisposable
{
    private const int FewestChannels = 16;

    [ThreadStatic]
    private static bool areOn;

    private readonly bool before = areOn;

    private NarrowConvolutions() => areOn = true;

    public static bool AreOn => areOn;

    public static NarrowConvolutions Take() => new();

    public void Dispose() => areOn = before;

    /// <summary>Computes in bfloat16 where that is on and worth it.</summary>
    /// <param name="weight">(to, from, K, K), or (from, to, K, K).</param>
    internal static Tensor Apply(Tensor x, Tensor weight, Tensor? bias, Func<Tensor, Tensor, Tensor?, Tensor> convolve)
    {
        if (!areOn || x.dtype != ScalarType.Float32 || Math.Min(weight.shape[0], weight.shape[1]) < FewestChannels)
        {
            return convolve(x, weight, bias);
        }

        using var scope = NewDisposeScope();
        var narrow = convolve(x.to(ScalarType.BFloat16), weight.to(ScalarType.BFloat16), bias?.to(ScalarType.BFloat16));
        return narrow.to(ScalarType.Float32).MoveToOuterDisposeScope();
    }
}
