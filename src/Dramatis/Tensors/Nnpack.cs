namespace Dramatis.Tensors;

/// <summary>NNPACK, the library that libtorch asks about convolutions that oneDNN leaves.</summary>
/// <remarks>
/// On a processor that it does not know, libtorch writes a warning to standard error at every such convolution. Nothing is lost without
/// it: libtorch gives it batches of 16 and more only, and those oneDNN takes.
/// </remarks>
internal static unsafe class Nnpack
{
    private const string Library = "libtorch_cpu";

    private static readonly delegate* unmanaged<nint> Context = (delegate* unmanaged<nint>)LoadedLibrary.Find(Library, "_ZN2at13globalContextEv");

    private static readonly delegate* unmanaged<nint, byte, void> SetEnabled =
        (delegate* unmanaged<nint, byte, void>)LoadedLibrary.Find(Library, "_ZN2at7Context20setUserEnabledNNPACKEb");

    private static readonly delegate* unmanaged<nint, byte> GetEnabled =
        (delegate* unmanaged<nint, byte>)LoadedLibrary.Find(Library, "_ZNK2at7Context17userEnabledNNPACKEv");

    /// <summary>Whether libtorch asks it; null where libtorch does not say.</summary>
    public static bool? IsEnabled => Context != null && GetEnabled != null ? GetEnabled(Context()) != 0 : null;

    /// <summary>Keeps libtorch from asking it, for the whole process.</summary>
    public static void TurnOff()
    {
        if (Context != null && SetEnabled != null)
        {
            SetEnabled(Context(), 0);
        }
    }
}
