using Dramatis.Server.Queue;
using Orleans.Concurrency;

namespace Dramatis.Server.Painting;

/// <summary>The ear of a painter's process: it hands on what it is told.</summary>
[OnItsSilo]
[Reentrant]
internal sealed class PainterGrain(PainterWorker worker) : Grain, IPainter
{
    public Task<bool> Run(string job, string lease) => Task.FromResult(worker.TryTake(job, lease));

    public Task<bool> Stop(string job) => Task.FromResult(worker.Stop(job));
}
