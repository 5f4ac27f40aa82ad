using System.Diagnostics;
using Dramatis.Server.Settings;
using Dramatis.Server.Storage;
using Orleans.Concurrency;

namespace Dramatis.Server.Queue;

/// <summary>Gives waiting jobs to free painters, and takes them from painters that are gone.</summary>
/// <remarks>What it remembers is a copy of the database: it may begin anew at any time, and any two of it at once could do no harm.</remarks>
[Reentrant]
internal sealed partial class DispatcherGrain(
    JobStore jobs, FactStore facts, QueueFigures figures, ServiceSettings settings, TimeProvider time, ILogger<DispatcherGrain> log) : Grain, IDispatcher
{
    /// <summary>How often painters announce themselves.</summary>
    public static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    private const string Paused = "queue paused";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ReloadEvery = TimeSpan.FromSeconds(5);

    private readonly JobOrder order = new();
    private readonly Dictionary<string, (PainterState State, long Seen, long Given)> painters = [];
    private readonly long born = Stopwatch.GetTimestamp();
    private readonly HashSet<string> dead = [];
    private long loaded;
    private bool isPaused;
    private bool isMatching;
    private bool isAsked;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await ReloadAsync();
        this.RegisterGrainTimer(TickAsync, new() { DueTime = Beat, Period = Beat, Interleave = true });
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        figures.Hide();
        return Task.CompletedTask;
    }

    public Task Measure(IReadOnlyList<Measured> measures)
    {
        ServiceTelemetry.Record(measures);
        return Task.CompletedTask;
    }

    public Task Wait(QueuedJob job)
    {
        order.Add(job);
        return MatchAsync();
    }

    public Task Announce(PainterState painter)
    {
        // What it said before it got its last job is old, unless that job has never come to it.
        var (known, _, given) = painters.GetValueOrDefault(painter.Address);
        var isOld = known?.Said > painter.Said || (known?.Runs > painter.Runs && Stopwatch.GetElapsedTime(given) < Patience);
        painters[painter.Address] = (isOld ? known! : painter, Stopwatch.GetTimestamp(), given);
        return painter.IsFree ? MatchAsync() : Task.CompletedTask;
    }

    public async Task Gone(string host, int process)
    {
        foreach (var painter in painters.Values.Where(painter => painter.State.Host == host && painter.State.Process == process).ToList())
        {
            painters.Remove(painter.State.Address);
            dead.Add(painter.State.Address);
        }

        await TakeBackAsync();
        await MatchAsync();
    }

    public async Task Stop(string job)
    {
        foreach (var painter in painters.Values.Where(painter => painter.State.Job == job).ToList())
        {
            await AskAsync(painter.State.Address, asked => asked.Stop(job));
        }
    }

    public Task Forget(string job)
    {
        order.Remove(job);
        return Task.CompletedTask;
    }

    public async Task Pause(bool paused)
    {
        await facts.SetAsync(Paused, paused ? bool.TrueString : bool.FalseString);
        isPaused = paused;
        await MatchAsync();
    }

    public Task<bool> Knows(string host, int process) =>
        Task.FromResult(painters.Values.Any(painter => painter.State.Host == host && painter.State.Process == process));

    public Task<QueueState> Look(string? job) =>
        Task.FromResult(new QueueState(order.Count, painters.Count, isPaused, job is null ? null : order.PlaceOf(job)));

    public Task<Dictionary<string, int>> Places(IReadOnlyList<string> jobs) =>
        Task.FromResult(jobs.Select(job => (Job: job, Place: order.PlaceOf(job))).Where(item => item.Place is not null).ToDictionary(item => item.Job, item => item.Place!.Value));

    private async Task TickAsync(CancellationToken cancellationToken)
    {
        foreach (var painter in painters.Values.Where(painter => Stopwatch.GetElapsedTime(painter.Seen) > Patience).ToList())
        {
            LogSilent(painter.State.Address);
            painters.Remove(painter.State.Address);
        }

        await TakeBackAsync();
        if (Stopwatch.GetElapsedTime(loaded) > ReloadEvery)
        {
            await ReloadAsync();
        }

        figures.Show(order.Count, painters.Values.Count(painter => painter.State.Job is not null), painters.Count);
        await MatchAsync();
    }

    private async Task ReloadAsync()
    {
        isPaused = await facts.GetAsync(Paused) == bool.TrueString;
        order.Expect();
        order.Reset(await jobs.QueuedAsync());
        loaded = Stopwatch.GetTimestamp();
    }

    // One call at a time goes through the painters; what comes meanwhile makes it go through them again.
    private async Task MatchAsync()
    {
        isAsked = true;
        if (isMatching)
        {
            return;
        }

        isMatching = true;
        try
        {
            while (isAsked)
            {
                isAsked = false;
                while (!isPaused && painters.Values.FirstOrDefault(painter => painter.State.IsFree).State is { } free && order.Take(free.Holds) is { } job)
                {
                    await GiveAsync(job, free);
                }
            }
        }
        finally
        {
            isMatching = false;
        }
    }

    private async Task GiveAsync(QueuedJob job, PainterState painter)
    {
        var lease = Guid.NewGuid().ToString("N");
        if (!await jobs.ClaimAsync(job.Id, lease, painter.Address))
        {
            return;    // cancelled meanwhile
        }

        painters[painter.Address] = (painter with { IsFree = false, Job = job.Id, Lease = lease, Holds = job.Holds, Runs = painter.Runs + 1 }, Stopwatch.GetTimestamp(), Stopwatch.GetTimestamp());
        await GrainFactory.GetGrain<IJob>(job.Id).Changed();
        if (!await AskAsync(painter.Address, asked => asked.Run(job.Id, lease)))
        {
            painters.Remove(painter.Address);    // until it announces itself
            await jobs.ReleaseAsync(job.Id, lease, attempt: false);
            order.Add(job);
        }
    }

    // A process that may be gone, or so new that nobody knows yet what it can: whatever goes wrong, it has not taken the job.
    private async Task<bool> AskAsync(string painter, Func<IPainter, Task<bool>> ask)
    {
        try
        {
            return await ask(GrainFactory.GetGrain<IPainter>(painter));
        }
        catch (Exception e)
        {
            LogUnreachable(e, painter);
            return false;
        }
    }

    // Jobs of painters that nobody hears of. Who announces itself with a job may have got it from a dispatcher before this one.
    private async Task TakeBackAsync()
    {
        var alive = painters.Values.Select(painter => painter.State.Lease).OfType<string>().ToHashSet();
        var isNew = Stopwatch.GetElapsedTime(born) < Patience;
        foreach (var job in await jobs.RunningAsync())
        {
            var isFresh = painters.ContainsKey(job.Painter!) && time.GetUtcNow().ToUnixTimeMilliseconds() - job.Started < Patience.TotalMilliseconds;
            if (alive.Contains(job.Lease!) && job.IsStopping)
            {
                await Stop(job.Id);    // whoever wanted it may not have been heard
            }

            if (alive.Contains(job.Lease!) || isFresh || (isNew && !dead.Contains(job.Painter!)))
            {
                continue;
            }

            LogLost(job.Id, job.Painter!, job.Attempts);
            ServiceTelemetry.Lost.Add(1, ServiceTelemetry.ModelOf(job.Holds));
            var again = job.Attempts < settings.MaxAttempts && !job.IsStopping;
            var changed = again
                ? await jobs.ReleaseAsync(job.Id, job.Lease!, attempt: true)
                : await jobs.EndAsync(job.Id, job.Lease!, job.IsStopping ? JobState.Cancelled : JobState.Failed, job.IsStopping ? null : new(
                    $"its painter died {job.Attempts} times, last {job.Painter}; it may need more memory than there is. The log of the service says more."));
            if (changed && again)
            {
                order.Add(new(job.Id, job.Owner, job.Priority, job.Holds));
            }

            await GrainFactory.GetGrain<IJob>(job.Id).Changed();
        }
    }

    [LoggerMessage(LogLevel.Warning, "painter {Painter} is silent")]
    private partial void LogSilent(string painter);

    [LoggerMessage(LogLevel.Warning, "painter {Painter} cannot be reached")]
    private partial void LogUnreachable(Exception e, string painter);

    [LoggerMessage(LogLevel.Warning, "job {Job} has lost its painter {Painter} in attempt {Attempt}")]
    private partial void LogLost(string job, string painter, int attempt);
}
