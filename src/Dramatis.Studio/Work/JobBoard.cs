using Dramatis.Errors;
using Dramatis.Requests;
using Dramatis.Studio.Service;

namespace Dramatis.Studio.Work;

/// <summary>The jobs of whoever works here, followed while they wait and run, wherever they were sent from.</summary>
public sealed class JobBoard(StudioSession session) : IAsyncDisposable
{
    private const int Newest = 60;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource closing = new();
    private readonly Lock door = new();
    private readonly Dictionary<string, LiveJob> live = [];
    private Task? watching;

    /// <summary>A job is other than before.</summary>
    public Signal Changed { get; } = new();

    /// <summary>The newest jobs, newest first.</summary>
    public IReadOnlyList<StudioJob> Recent { get; private set; } = [];

    /// <summary>The job that the stage shows.</summary>
    public string? Watched { get; private set; }

    /// <summary>A picture of it, or one that was chosen; the stage shows it.</summary>
    public PaintedPicture? Shown { get; private set; }

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

    /// <summary>The job that is to be seen on the stage: the one watched, or else the one that runs.</summary>
    public LiveJob? OnStage => Painting.FirstOrDefault(job => job.Job.Id == Watched) ?? (Watched is null ? Painting.FirstOrDefault(job => job.IsRunning) : null);

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
        Recent = [job, .. Recent];
        Follow(job);
        Changed.Send();
    }

    public void Show(PaintedPicture? picture)
    {
        (Shown, Watched, Failure, Other) = (picture, picture?.Job, null, null);
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
        (Watched, Shown, Failure) = (job, null, null);
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
        Recent = await session.Workshop.JobsAsync(null, Newest, closing.Token);
        foreach (var job in Recent.Where(job => job.IsActive))
        {
            Follow(job);
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
            await LookAsync();
            foreach (var waiting in Live.Where(job => !job.IsRunning))
            {
                waiting.Job = await session.Workshop.FindJobAsync(waiting.Job.Id, closing.Token) ?? waiting.Job;
            }
        }
        while (await timer.WaitForNextTickAsync(closing.Token));
    }

    private void Follow(StudioJob job)
    {
        lock (door)
        {
            if (live.ContainsKey(job.Id))
            {
                return;
            }

            live[job.Id] = new(job);
        }

        _ = FollowAsync(live[job.Id]);
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

                Changed.Send();
            }

            lock (door)
            {
                live.Remove(job.Job.Id);
            }

            await RefreshAsync(job.Job.Id);
        }
        catch (OperationCanceledException)
        {
            // the page is closed; the job goes on
        }
    }

    private async Task RefreshAsync(string id)
    {
        if (await session.Workshop.FindJobAsync(id, closing.Token) is not { } job)
        {
            return;
        }

        Recent = [.. Recent.Select(other => other.Id == id ? job : other)];
        if (id == Watched && job.Pictures.Count > 0 && Shown?.Job != id)
        {
            Shown = job.Pictures[0];
        }

        Failure = id == Watched && job.State == "failed" ? job.Error : Failure;
        Changed.Send();
    }
}
