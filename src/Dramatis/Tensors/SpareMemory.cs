namespace Dramatis.Tensors;

/// <summary>What glibc's malloc keeps of freed memory for later.</summary>
internal static unsafe class SpareMemory
{
    private static readonly delegate* unmanaged<nint, int> Trim = (delegate* unmanaged<nint, int>)LoadedLibrary.Find("libc.so", "malloc_trim");

    /// <summary>Gives it back to the system. For where one kind of work ends: what follows needs other blocks, which do not fit into the holes.</summary>
    public static void GiveBack()
    {
        if (Trim != null)
        {
            Trim(0);
        }
    }
}
