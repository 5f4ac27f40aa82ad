using System.Runtime.InteropServices;
using TorchSharp;

namespace Dramatis.Tensors;

/// <summary>Runs our own kernels on the threads that libtorch computes with.</summary>
/// <remarks>
/// libtorch's OpenMP threads go on spinning for a while after each of its operations. Other threads would compete with them for
/// the same cores; a second use of the same team does not. Where there is no such team, the calling thread does all the work.
/// </remarks>
internal static unsafe class TorchTeam
{
    private static readonly delegate* unmanaged<delegate* unmanaged<void*, void>, void*, uint, uint, void> Parallel = Find();

    /// <summary>One kernel: does item <paramref name="index"/> of what <paramref name="state"/> describes.</summary>
    public delegate void Kernel(void* state, int index);

    /// <summary>Does items 0 to <paramref name="count"/> - 1, each on one thread, in no order.</summary>
    /// <param name="kernel">Must not throw, and not write where another item does.</param>
    public static void Run(Kernel kernel, void* state, int count)
    {
        var threads = Math.Min(torch.get_num_threads(), count);
        var work = new Work { Kernel = kernel, State = state, Count = count };
        if (threads < 2 || Parallel == null)
        {
            work.Run();
            return;
        }

        var handle = GCHandle.Alloc(work);
        try
        {
            Parallel(&Member, (void*)GCHandle.ToIntPtr(handle), (uint)threads, 0);
        }
        finally
        {
            handle.Free();
        }
    }

    [UnmanagedCallersOnly]
    private static void Member(void* work) => ((Work)GCHandle.FromIntPtr((nint)work).Target!).Run();

    // libtorch brings its own copy of the GNU OpenMP library, under a name of its own.
    private static delegate* unmanaged<delegate* unmanaged<void*, void>, void*, uint, uint, void> Find() =>
        (delegate* unmanaged<delegate* unmanaged<void*, void>, void*, uint, uint, void>)LoadedLibrary.Find("libgomp", "GOMP_parallel");

    private sealed class Work
    {
        private int next = -1;

        public required Kernel Kernel { get; init; }

        public required void* State { get; init; }

        public required int Count { get; init; }

        public void Run()
        {
            for (var index = Interlocked.Increment(ref next); index < Count; index = Interlocked.Increment(ref next))
            {
                Kernel(State, index);
            }
        }
    }
}
