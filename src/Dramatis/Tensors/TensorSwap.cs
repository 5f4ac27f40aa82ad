using static TorchSharp.torch;

namespace Dramatis.Tensors;

/// <summary>Exchanges two tensors under all who hold them: a module's field, its list of weights and an optimiser each see the other's values.</summary>
internal static class TensorSwap
{
    /// <summary>Nothing is copied. Type, layout, device and gradient go along with the values; done twice, all is as before.</summary>
    /// <remarks>
    /// A handle points to a counted pointer to the tensor: those two are exchanged. No call of the library does that for a weight without memory.
    /// </remarks>
    public static unsafe void Exchange(Tensor one, Tensor other)
    {
        var (first, second) = (one.Handle, other.Handle);
        (*(nint*)first, *(nint*)second) = (*(nint*)second, *(nint*)first);
    }
}
