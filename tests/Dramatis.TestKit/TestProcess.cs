using Dramatis.Tensors;
using TorchSharp;

namespace Dramatis.TestKit;

/// <summary>A fixture of all tests of a process: while it lives no finalizer runs, and each of libtorch's operations takes one thread.</summary>
/// <remarks>
/// Tests run beside each other, and one's garbage meets the numbers that TorchSharp hands to libtorch for another: see docs/decisions/0008.
/// What is not disposed stays until the end.
/// MKL has one number of threads for the whole process. A training of two workers sets it, and what another test computes at that time
/// would be summed in another order: runs that are compared bit by bit would differ.
/// </remarks>
public sealed class TestProcess : IDisposable
{
    /// <summary>Set for a process whose tests are about finalizers: they run in it as in any other.</summary>
    public const string FinalizersVariable = "DRAMATIS_TEST_FINALIZERS";

    private readonly FinalizerHold? held;

    public TestProcess()
    {
        torch.set_num_threads(1);
        held = Environment.GetEnvironmentVariable(FinalizersVariable) is null ? FinalizerHold.Take() : null;
    }

    /// <summary>A process whose finalizers wait does not end, and the runner gives its end ten seconds.</summary>
    public void Dispose()
    {
        held?.Dispose();
        GC.WaitForPendingFinalizers();
    }
}
