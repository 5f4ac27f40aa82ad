namespace Dramatis.Tensors;

/// <summary>What glibc's malloc and the garbage collector keep of freed memory for later.</summary>
internal static unsafe class SpareMemory
{
    private static readonly delegate* unmanaged<nint, int> Trim = (delegate* unmanaged<nint, int>)LoadedLibrary.Find("libc.so", "malloc_trim");

    /// <summary>Gives malloc's back to the system. For where one kind of work ends: what follows needs other blocks, which do not fit into the holes.</summary>
    public static void GiveBack()
    {
        if (Trim != null)
        {
            Trim(0);
        }
    }

    /// <summary>Gives back the collector's too. For a process that has nothing to do: it stops for tens of milliseconds.</summary>
    public static void GiveBackAll()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GiveBack();
    }
}
