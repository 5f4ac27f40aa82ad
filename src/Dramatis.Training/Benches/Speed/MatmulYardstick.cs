using System.Diagnostics;
using static TorchSharp.torch;

namespace Dramatis.Benches.Speed;

/// <summary>What the machine can do: a large product of matrices in single precision, timed before and after everything that is measured.</summary>
internal sealed class MatmulYardstick : IDisposable
{
    private const int Side = 2048;

    private readonly Tensor a = rand(Side, Side).DetachFromDisposeScope();
    private readonly Tensor b = rand(Side, Side).DetachFromDisposeScope();

    public MatmulYardstick() => Measure();

    /// <summary>Operations a second.</summary>
    public double Measure()
    {
        var start = Stopwatch.GetTimestamp();
        using var product = a.matmul(b);
        return 2.0 * Side * Side * Side / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    public void Dispose()
    {
        a.Dispose();
        b.Dispose();
    }
}
