using static TorchSharp.torch;
using DisposeScopeManager = TorchSharp.DisposeScopeManager;

namespace Dramatis.Tests;

/// <summary>Counts the tensors that work leaves behind.</summary>
internal static class LeakCheck
{
    /// <summary>How many more tensors this thread has after work in a scope of its own; 0 for none.</summary>
    /// <param name="work">
    /// Done twice. The gradients of a fused norm live until the next one of the thread: the first time lets go of those of an earlier test.
    /// </param>
    public static long After(Action work)
    {
        InScope(work);
        DisposeScopeManager.Statistics.Reset();

        InScope(work);

        return DisposeScopeManager.Statistics.ThreadTotalLiveCount;
    }

    private static void InScope(Action work)
    {
        using var scope = NewDisposeScope();
        work();
    }
}
