using System.Runtime.CompilerServices;
using TorchSharp;

namespace Dramatis.Tests;

/// <summary>One thread for each of libtorch's operations, in all tests.</summary>
/// <remarks>
/// MKL has one number of threads for the whole process. A training of two workers sets it, and what another test computes at that time
/// would be summed in another order: runs that are compared bit by bit would differ. Tests run beside each other as it is.
/// </remarks>
internal static class TorchThreads
{
    [ModuleInitializer]
    internal static void UseOne() => torch.set_num_threads(1);
}
