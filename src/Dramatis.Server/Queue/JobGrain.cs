using Orleans.Concurrency;

namespace Dramatis.Server.Queue;

/// <summary>See <see cref="IJob"/>. It remembers watchers only: events are in the database before anybody is told.</summary>
[Reentrant]
[CollectionAgeLimit(Minutes = MinutesIdle)]
internal sealed class JobGrain : Grain, IJob
{
    private const double MinutesIdle = 2;    // watchers that went without a word

    private readonly HashSet<IJobWatcher> watchers = [];

    public async Task Changed()
    {
        foreach (var watcher in watchers.ToArray())
        {
            try
            {
                await watcher.Changed();
            }
            catch (Exception e) when (e is OrleansException or TimeoutException)
            {
                watchers.Remove(watcher);
            }
        }

        RestIfUnwatched();
    }

    public Task Watch(IJobWatcher watcher)
    {
        watchers.Add(watcher);
        return Task.CompletedTask;
    }

    public Task Leave(IJobWatcher watcher)
    {
        watchers.Remove(watcher);
        RestIfUnwatched();
        return Task.CompletedTask;
    }

    // Jobs that nobody watches come by the thousand; who begins to watch just now is told a second late at most.
    private void RestIfUnwatched()
    {
        if (watchers.Count == 0)
        {
            DeactivateOnIdle();
        }
    }
}
