using Dramatis.Tensors;

namespace Dramatis.Server.Host;

/// <summary>Gives memory back to the system while nobody asks anything. Painters do so by themselves, when they have no job.</summary>
internal sealed class Rest : BackgroundService
{
    private const long Quiet = 1 << 20;    // bytes allocated from one look to the next by a process that does nothing but live
    private const long Worthwhile = 32 << 20;

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every);
        var (last, rested) = (GC.GetTotalAllocatedBytes(), 0L);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var allocated = GC.GetTotalAllocatedBytes();
            if (allocated - last < Quiet && allocated - rested > Worthwhile)
            {
                SpareMemory.GiveBackAll();
                rested = allocated;
            }

            last = allocated;
        }
    }
}
