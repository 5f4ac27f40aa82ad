using Dramatis.Errors;
using Dramatis.Requests;
using Dramatis.Studio.Service;
using Microsoft.Extensions.Logging;

namespace Dramatis.Studio.Work;

/// <summary>The jobs of whoever works here, followed while they wait and run, wherever they were sent from.</summary>
public sealed class JobBoard(StudioSession session, ILogger<JobBoard> log) : IAsyncDisposable
{
    private const int Newest = 60;
    private const int MostPlaces = 20;    // in line that are asked for
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Blink = TimeSpan.FromMilliseconds(60);

    private readonly CancellationTokenSource closing = new();
    private readonly Lock door = new();
    private readonly Dictionary<string, LiveJob> live = [];
    private Task? watching;
    private int isTelling;
    private int sent;    // jobs, from here

    /// <summary>A job is other than before.</summary>
    public Signal Changed { get; } = new();

    /// <summary>The newest jobs, newest first.</summary>
    public IReadOnlyList<StudioJob> Recent { get; private set; } = [];

    /// <summary>The job that the stage is for.</summary>
    public string? Watched { get; private set; }

    /// <summary>A picture of it, or one that was chosen; the stage shows it.</summary>
    public PaintedPicture? Shown { get; private set; }

    /// <summary>The job of <see cref="Shown"/>, however long ago it was.</summary>
    public StudioJob? ShownJob { get; private set; }

    /// <summary>Those that wait or run, oldest first.</summary>
    public IReadOnlyList<LiveJob> Live
    {
        get
        {
            lock (door)
            {
                return [.. live.Values.OrderBy(job => job.Job.Id, StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>The job that is to be seen on the stage: the one watched, or what runs while that waits or nothing is watched.</summary>
    public LiveJob? OnStage
    {
        get
        {
            var watched = Painting.FirstOrDefault(job => job.Job.Id == Watched);
            var isFree = Watched is null || watched is { IsRunning: false };
            return (isFree ? Painting.FirstOrDefault(job => job.IsRunning) : null) ?? watched;
        }
    }

    /// <summary>Those of <see cref="Live"/> that paint; others learn.</summary>
    public IEnumerable<LiveJob> Painting => Live.Where(job => job.Job.Request is not null);

    /// <summary>The newest pictures, newest first, with the job of each.</summary>
    public IEnumerable<(PaintedPicture Picture, StudioJob Job)> Painted =>
        Recent.Where(job => job.Request is not null).SelectMany(job => job.Pictures.Reverse().Select(picture => (picture, job)));

    /// <summary>The picture that the one shown is compared with; null while nothing is compared.</summary>
    public PaintedPicture? Other { get; private set; }

    /// <summary>Why the watched job ended without a picture.</summary>
    public StudioError? Failure { get; private set; }

    public void Start() => watching ??= WatchAsync();

    /// <exception cref="DramatisException">The request is refused.</exception>
    public async Task PaintAsync(GenerationRequest request)
    {
        var job = await session.Workshop.PaintAsync(request, closing.Token);
        (Watched, Failure, Other) = (job.Id, null, null);
        sent++;
        Recent = [job, .. Recent.Where(other => other.Id != job.Id)];    // a look may have seen it before its own answer came
        Follow(job);
        Changed.Send();
    }

    public void Show(PaintedPicture? picture, StudioJob? job)
    {
        (Shown, ShownJob, Watched, Failure, Other) = (picture, job, picture?.Job, null, null);
        Changed.Send();
    }

    /// <summary>Lays another picture over the one shown; null ends it.</summary>
    public void Compare(PaintedPicture? other)
    {
        Other = other;
        Changed.Send();
    }

    /// <summary>Shows another job on the stage.</summary>
    public void Watch(string job)
    {
        (Watched, Shown, ShownJob, Failure) = (job, null, null, null);
        Changed.Send();
    }

    public async Task CancelAsync(string job)
    {
        await session.Workshop.CancelAsync(job);
        await RefreshAsync(job);
    }

    /// <summary>Looks again at once.</summary>
    public async Task LookAsync()
    {
        var sentBefore = sent;
        var recent = await session.Workshop.JobsAsync(null, null, Newest, closing.Token);
        Recent = sent == sentBefore ? recent : Recent;    // what was sent meanwhile may not be in it; the next look has it
        var running = await session.Workshop.JobsAsync("running", null, Newest, closing.Token);    // where many wait it is an old one
        foreach (var job in Recent.Concat(running).Where(job => job.IsActive))
        {
            Follow(job);
        }

        // Lists say who stands where in line; behind the newest ones some may wait whom none has.
        var listed = Recent.Concat(running).DistinctBy(job => job.Id).ToDictionary(job => job.Id);
        foreach (var (k, waiting) in Live.Where(job => !job.IsRunning).OrderByDescending(job => listed.ContainsKey(job.Job.Id)).Index())
        {
            waiting.Job = listed.GetValueOrDefault(waiting.Job.Id) ?? (k < MostPlaces ? await session.Workshop.FindJobAsync(waiting.Job.Id, closing.Token) : null) ?? waiting.Job;
        }

        Changed.Send();
    }

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        await (watching ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        closing.Dispose();
    }

    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(Pause);
        do
        {
            try
            {
                await LookAsync();
            }
            catch (Exception e) when (!closing.IsCancellationRequested)
            {
                PageLog.Unseen(log, e);    // the next look may see more
            }
        }
        while (await timer.WaitForNextTickAsync(closing.Token));
    }

    private void Follow(StudioJob job)
    {
        var followed = new LiveJob(job);
        lock (door)
        {
            if (!live.TryAdd(job.Id, followed))
            {
                return;
            }
        }

        _ = FollowAsync(followed);
    }

    private async Task FollowAsync(LiveJob job)
    {
        try
        {
            await foreach (var news in session.Workshop.FollowAsync(job.Job.Id, closing.Token))
            {
                job.Take(news);
                if (news.Kind == "picture")
                {
                    await RefreshAsync(job.Job.Id);
                }

                _ = TellSoonAsync();
            }

            Leave(job);
            await RefreshAsync(job.Job.Id);
        }
        catch (Exception) when (closing.IsCancellationRequested)
        {
            // the page is closed; the job goes on
        }
        catch (Exception e)
        {
            PageLog.Unseen(log, e);
            Leave(job);    // it is followed again when it is next seen
        }
    }

    private void Leave(LiveJob job)
    {
        lock (door)
        {
            live.Remove(job.Job.Id);
        }
    }

    private async Task RefreshAsync(string id)
    {
        if (await session.Workshop.FindJobAsync(id, closing.Token) is not { } job)
        {
            return;
        }

        Recent = [.. Recent.Select(other => other.Id == id ? job : other)];
        if ((id == Watched || id == OnStage?.Job.Id) && job.Pictures.Count > 0 && Shown?.Job != id)
        {
            Shown = job.Pictures[0];
        }

        ShownJob = Shown?.Job == id ? job : ShownJob;
        Failure = id == Watched && job.State == "failed" ? job.Error : Failure;
        Changed.Send();
    }

    // Steps may come by the hundred a second: nobody sees as many.
    private async Task TellSoonAsync()
    {
        if (Interlocked.Exchange(ref isTelling, 1) == 0)
        {
            await Task.Delay(Blink);
            isTelling = 0;
            Changed.Send();
        }
    }
}
