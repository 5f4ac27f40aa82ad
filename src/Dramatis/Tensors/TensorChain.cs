using TorchSharp;
using static TorchSharp.torch;

namespace Dramatis.Tensors;

/// <summary>Layers one after another, without keeping what lies between them.</summary>
/// <remarks>A scope lets go of everything at its end, which for large feature maps is too late. What a gradient needs, libtorch keeps itself.</remarks>
internal static class TensorChain
{
    // Kept: a scalar that TorchSharp makes for one call may be collected while libtorch reads it.
    private static readonly Scalar One = 1;

    /// <summary>What comes out of x, which is let go: not for arguments, those are borrowed.</summary>
    public static Tensor Then(this Tensor x, Func<Tensor, Tensor> next)
    {
        using (x)
        {
            return next(x);
        }
    }

    /// <summary>Adds to x in place: for what nothing else reads and no gradient needs, such as the result of a convolution or linear layer.</summary>
    public static Tensor Plus(this Tensor x, Tensor other) => x.add_(other, One);
}
