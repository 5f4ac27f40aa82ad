namespace Dramatis.Training.Toybox;

/// <summary>Makes the batches after the one that is asked for too, on other threads: a device is faster than what draws for it.</summary>
/// <remarks>For one caller, who asks for one batch after another, all of one size.</remarks>
internal sealed class BatchesAhead(BaseBatchMaker maker)
{
    private static readonly int Many = Environment.ProcessorCount;

    private readonly Dictionary<long, Task<BaseBatch>> made = [];

    /// <summary>See <see cref="BaseBatchMaker.Make"/>. What is made ahead has the progress of when it was begun.</summary>
    public BaseBatch Make(long first, int count, double progress)
    {
        for (var start = first; start <= first + ((long)Many * count); start += count)
        {
            var begin = start;
            if (!made.ContainsKey(begin))
            {
                made.Add(begin, Task.Run(() => maker.Make(begin, count, progress)));
            }
        }

        made.Remove(first, out var batch);
        return batch!.GetAwaiter().GetResult();
    }
}
