using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;

namespace Dramatis.Tensors;

/// <summary>Functions of the native libraries that come with libtorch and that TorchSharp does not offer.</summary>
internal static class LoadedLibrary
{
    /// <summary>The address of an exported function, or zero where the library has none of that name.</summary>
    /// <param name="prefix">How the file name of the library begins.</param>
    public static nint Find(string prefix, string export)
    {
        RuntimeHelpers.RunClassConstructor(typeof(torch).TypeHandle);
        using var process = Process.GetCurrentProcess();
        foreach (ProcessModule module in process.Modules)
        {
            if (module.ModuleName.StartsWith(prefix, StringComparison.Ordinal)
                && NativeLibrary.TryLoad(module.FileName, out var library)
                && NativeLibrary.TryGetExport(library, export, out var function))
            {
                return function;
            }
        }

        return 0;
    }
}
