using System.Runtime.CompilerServices;

namespace Dramatis.Tensors;

/// <summary>While one is held, no finalizer runs in the process.</summary>
/// <remarks>
/// TorchSharp makes a native number of every scalar, the hidden 1 of <c>x + y</c> too. It passes on the bare pointer, so that the managed
/// object may be collected during the call, and its finalizer frees the number under libtorch's hands: an error out of nowhere, or a wrong
/// result. It takes a second thread that allocates. See docs/decisions/0008.
/// </remarks>
internal sealed class FinalizerHold : IDisposable
{
    private const int Tries = 10;
    private const int FirstMilliseconds = 10;

    private static readonly Lock Door = new();
    private static ManualResetEventSlim? release;
    private static bool stopped;
    private static int holders;

    private FinalizerHold()
    {
    }

    /// <summary>Whether finalizers do wait; false when one of another kind kept their thread for too long.</summary>
    public static bool IsEffective
    {
        get
        {
            lock (Door)
            {
                return holders > 0 && stopped;
            }
        }
    }

    /// <summary>Returns when no finalizer runs any more. Holds may overlap; the last one to go lets finalizers on.</summary>
    public static FinalizerHold Take()
    {
        lock (Door)
        {
            if (holders++ == 0)
            {
                (release, stopped) = Stop();
            }
        }

        return new();
    }

    public void Dispose()
    {
        lock (Door)
        {
            if (--holders == 0)
            {
                release!.Set();
            }
        }
    }

    // There is one thread for all finalizers: it is kept busy in one of ours. A collection that another thread started in between may have
    // made ours older: then only an older generation's finds it. Many that wait before it take a while; when one keeps the thread for
    // ten seconds, this does without.
    private static (ManualResetEventSlim Gate, bool Stopped) Stop()
    {
        var (reached, gate) = (new ManualResetEventSlim(), new ManualResetEventSlim());
        Drop(reached, gate);
        for (var i = 0; i < Tries && !reached.IsSet; i++)
        {
            GC.Collect(Math.Min(i, GC.MaxGeneration));
            reached.Wait(FirstMilliseconds << i);
        }

        return (gate, reached.IsSet);
    }

    // A method of its own, so that no local keeps the plug alive.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Drop(ManualResetEventSlim reached, ManualResetEventSlim gate) => _ = new Plug(reached, gate);

    private sealed class Plug(ManualResetEventSlim reached, ManualResetEventSlim gate)
    {
        ~Plug()
        {
            reached.Set();
            gate.Wait();
        }
    }
}
