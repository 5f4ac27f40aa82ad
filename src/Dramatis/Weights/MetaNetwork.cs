using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Weights;

/// <summary>Networks built without memory: names and shapes are there, values are not.</summary>
public static class MetaNetwork
{
    /// <summary>Builds a network on the meta device: no memory, no random start values, milliseconds at any size.</summary>
    public static T Build<T>(Func<T> build)
        where T : Module
    {
        var before = get_default_device();
        set_default_device(new Device(DeviceType.META));
        try
        {
            return build();
        }
        finally
        {
            set_default_device(before);
        }
    }

    /// <summary>Gives a weight without memory the values of another tensor, which is used up.</summary>
    /// <remarks>
    /// A handle points to a reference-counted pointer to the tensor. Exchanging two such pointers gives every holder of the
    /// handle (the module's field, its list of weights) the new tensor, which no call of the library does for the meta device.
    /// </remarks>
    internal static unsafe void Give(Tensor weight, Tensor values)
    {
        using var ready = values.requires_grad_(weight.requires_grad);
        var empty = (nint*)weight.Handle;
        var full = (nint*)ready.Handle;
        (*empty, *full) = (*full, *empty);
    }
}
