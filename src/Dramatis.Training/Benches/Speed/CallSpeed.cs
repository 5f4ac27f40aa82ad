using System.Diagnostics;
using Dramatis.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Dramatis.Benches.Speed;

/// <summary>How fast one call is.</summary>
/// <param name="Seconds">The median.</param>
/// <param name="MatmulRate">Operations a second of a large matrix product in the same minutes, the median.</param>
/// <param name="ShareOfMatmul">The call's rate as a share of the product's beside it, the median: both suffer alike from a busy machine.</param>
/// <param name="Kernels">Null where libtorch cannot be observed.</param>
/// <param name="PeakMemory">The most that the process held meanwhile, in bytes.</param>
internal sealed record CallSpeed(Work Work, double Seconds, double MatmulRate, double ShareOfMatmul, KernelSeconds? Kernels, long PeakMemory)
{
    /// <summary>Operations a second.</summary>
    public double Rate => Work.Total / Seconds;

    /// <summary>Calls something some times; the first of several does not count.</summary>
    internal static CallSpeed Measure(Func<Tensor> call, Work work, int times, MatmulYardstick yardstick)
    {
        Speed.PeakMemory.Reset();
        var first = times > 1 ? 1 : 0;
        yardstick.Measure();
        if (first > 0)
        {
            call().Dispose();
            Devices.Await(yardstick.Device);
        }

        // Elsewhere libtorch's operations return before they are done.
        var timer = OperationTimer.IsSupported && yardstick.Device.type == DeviceType.CPU ? new OperationTimer() : null;
        List<double> seconds = [], shares = [], rates = [];
        for (var i = first; i < times; i++)
        {
            var before = yardstick.Measure();
            var start = Stopwatch.GetTimestamp();
            (timer is null ? call() : timer.Time(call)).Dispose();
            Devices.Await(yardstick.Device);
            seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            rates.Add((before + yardstick.Measure()) / 2);
            shares.Add(work.Total / seconds[^1] / rates[^1]);
        }

        return new(work, Median(seconds), Median(rates), Median(shares), Kernels(), Speed.PeakMemory.Bytes);

        KernelSeconds? Kernels() => timer is null ? null : KernelSeconds.Of(timer.Seconds, seconds.Sum(), seconds.Count);
    }

    internal static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
