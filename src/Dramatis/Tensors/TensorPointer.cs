using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Dramatis.Tensors;

/// <summary>Where a tensor's values lie, for our own kernels.</summary>
internal static unsafe partial class TensorPointer
{
    /// <summary>The first value of a single-precision tensor on the CPU; valid while the tensor lives.</summary>
    public static float* Floats(Tensor tensor) => (float*)THSTensor_data(tensor.Handle);

    [LibraryImport("LibTorchSharp")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static partial nint THSTensor_data(nint handle);
}
