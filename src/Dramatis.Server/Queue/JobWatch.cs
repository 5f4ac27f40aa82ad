namespace Dramatis.Server.Queue;

/// <summary>Waits until there is something new of a job.</summary>
internal sealed class JobWatch : IJobWatcher, IAsyncDisposable
{
    // A word that is lost on the way costs no more than this.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim news = new(0);
    private readonly IGrainFactory grains;
    private readonly IJob job;
    private readonly IJobWatcher self;

    private JobWatch(string id, IGrainFactory grains)
    {
        this.grains = grains;
        job = grains.GetGrain<IJob>(id);
        self = grains.CreateObjectReference<IJobWatcher>(this);
    }

    public static async Task<JobWatch> OfAsync(string id, IGrainFactory grains)
    {
        var watch = new JobWatch(id, grains);
        await Telling.TryAsync(() => watch.job.Watch(watch.self));
        return watch;
    }

    public Task Changed()
    {
        news.Release();
        return Task.CompletedTask;
    }

    public async Task NextAsync(CancellationToken cancellationToken)
    {
        await news.WaitAsync(Longest, cancellationToken);
        while (news.Wait(0, CancellationToken.None))
        {
            // several words are one
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Telling.TryAsync(() => job.Leave(self));
        grains.DeleteObjectReference<IJobWatcher>(self);    // or it is remembered for as long as the process lives
        news.Dispose();
        GC.KeepAlive(this);    // the reference that others hold is a weak one
    }
}
