using System.Diagnostics;
using Dramatis.Tensors;
using static TorchSharp.torch;

namespace Dramatis.Benches.Speed;

/// <summary>
/// What the machine can do: a large product of matrices, where and in what the network computes, timed before and after everything that is measured.
/// </summary>
internal sealed class MatmulYardstick(Compute compute) : IDisposable
{
    private const int Side = 2048;

    private readonly Tensor a = rand(Side, Side, compute.Type, compute.Device).DetachFromDisposeScope();
    private readonly Tensor b = rand(Side, Side, compute.Type, compute.Device).DetachFromDisposeScope();

    public Device Device => compute.Device;

    /// <summary>Operations a second.</summary>
    public double Measure()
    {
        var start = Stopwatch.GetTimestamp();
        using var product = a.matmul(b);
        Devices.Await(compute.Device);
        return 2.0 * Side * Side * Side / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    public void Dispose()
    {
        a.Dispose();
        b.Dispose();
    }
}
