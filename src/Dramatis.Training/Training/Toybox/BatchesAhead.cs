using TorchSharp;
using static TorchSharp.torch;

namespace Dramatis.Training.Toybox;

/// <summary>Makes the batches after the one that is asked for too, on other threads: a device is faster than what draws for it.</summary>
/// <remarks>For one caller, who asks for one batch after another, all of one size.</remarks>
/// <param name="make">Makes a batch of its first picture, their number, and the progress of the training.</param>
internal sealed class BatchesAhead<T>(Func<long, int, double, T> make)
{
    private static readonly int Many = Environment.ProcessorCount;

    private readonly Dictionary<long, Task<T>> made = [];

    /// <summary>What is made ahead has the progress of when it was begun.</summary>
    public T Make(long first, int count, double progress)
    {
        for (var start = first; start <= first + ((long)Many * count); start += count)
        {
            var begin = start;
            if (!made.ContainsKey(begin))
            {
                made.Add(begin, Task.Run(() => make(begin, count, progress)));
            }
        }

        made.Remove(first, out var batch);
        return batch!.GetAwaiter().GetResult();
    }
}

/// <summary>How a training on a device gets its batches.</summary>
internal static class BatchesAhead
{
    /// <summary>On the processor, whose threads are busy with the step, as they are asked for; on another device ahead.</summary>
    /// <param name="make">See <see cref="BatchesAhead{T}"/>.</param>
    public static Func<long, int, double, T> For<T>(Device device, Func<long, int, double, T> make) =>
        device.type == DeviceType.CPU ? make : new BatchesAhead<T>(make).Make;
}
