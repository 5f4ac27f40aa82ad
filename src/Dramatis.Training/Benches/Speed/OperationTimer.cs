using System.Diagnostics;
using System.Runtime.InteropServices;
using Dramatis.Tensors;

namespace Dramatis.Benches.Speed;

/// <summary>Times libtorch's operations by name: those that a call makes on this thread, with all that they call themselves.</summary>
/// <remarks>
/// libtorch offers each operation to observers (at::RecordFunction); TorchSharp has no way to them. The names of the entry points are
/// those of libtorch 2.10 and 2.11 on Linux; where they are not found, <see cref="IsSupported"/> is false.
/// </remarks>
internal sealed unsafe class OperationTimer
{
    private const string Library = "libtorch_cpu";

    private static readonly delegate* unmanaged<Callback, ulong> Add =
        (delegate* unmanaged<Callback, ulong>)LoadedLibrary.Find(Library, "_ZN2at22addThreadLocalCallbackENS_22RecordFunctionCallbackE");

    private static readonly delegate* unmanaged<ulong, void> Remove =
        (delegate* unmanaged<ulong, void>)LoadedLibrary.Find(Library, "_ZN2at14removeCallbackEm");

    private static readonly delegate* unmanaged<nint, nint> NameOf =
        (delegate* unmanaged<nint, nint>)LoadedLibrary.Find(Library, "_ZNK2at14RecordFunction4nameEv");

    [ThreadStatic]
    private static OperationTimer? open;

    private readonly Dictionary<nint, long> ticks = [];
    private long started;
    private int depth;

    public static bool IsSupported => Add != null && Remove != null && NameOf != null;

    /// <summary>Seconds of all calls so far by name, for example <c>aten::conv2d</c>.</summary>
    public IReadOnlyDictionary<string, double> Seconds => ticks
        .GroupBy(item => Marshal.PtrToStringUTF8(item.Key)!)
        .ToDictionary(group => group.Key, group => group.Sum(item => item.Value) / (double)Stopwatch.Frequency);

    /// <summary>Runs a call and adds up its operations.</summary>
    public T Time<T>(Func<T> call)
    {
        open = this;
        var handle = Add(new() { Start = &Start, End = &End, Share = 1, IsForOperations = 1 });
        try
        {
            return call();
        }
        finally
        {
            Remove(handle);
            open = null;
        }
    }

    // The result is a unique_ptr, which comes back where the caller says.
    [UnmanagedCallersOnly]
    private static nint* Start(nint* nothing, nint operation)
    {
        *nothing = 0;
        if (open!.depth++ == 0)
        {
            open.started = Stopwatch.GetTimestamp();
        }

        return nothing;
    }

    [UnmanagedCallersOnly]
    private static void End(nint operation, nint nothing)
    {
        if (--open!.depth == 0)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(open.ticks, NameOf(operation), out _) += Stopwatch.GetTimestamp() - open.started;
        }
    }

    // at::RecordFunctionCallback.
    [StructLayout(LayoutKind.Explicit, Size = 40)]
    private struct Callback
    {
        [FieldOffset(0)]
        public delegate* unmanaged<nint*, nint, nint*> Start;

        [FieldOffset(8)]
        public delegate* unmanaged<nint, nint, void> End;

        [FieldOffset(16)]
        public double Share;

        // The first of a row of switches; the others stay off.
        [FieldOffset(24)]
        public byte IsForOperations;
    }
}
