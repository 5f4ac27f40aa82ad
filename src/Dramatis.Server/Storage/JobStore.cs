using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;

namespace Dramatis.Server.Storage;

/// <summary>A job that waits, as far as its turn depends on it.</summary>
[GenerateSerializer]
internal sealed record QueuedJob(string Id, string Owner, int Priority, string Holds);

/// <summary>Jobs as they change. Each change is one statement that says from which state and lease it goes, and its events are stored with it.</summary>
/// <remarks>The row is changed before its events are written: whoever else wants to waits for it, so that numbers rise without a gap.</remarks>
internal sealed class JobStore(IDbContextFactory<ServiceDb> databases, TimeProvider time)
{
    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Stores a new job with what it needs.</summary>
    /// <returns>False when the owner has one of that idempotency key.</returns>
    public async Task<bool> AddAsync(JobRow job, IEnumerable<string> blobs, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        db.Jobs.Add(job);
        db.Uses.AddRange(blobs.Distinct().Select(blob => new UseRow { Job = job.Id, Blob = blob }));
        db.Events.Add(new() { Job = job.Id, Number = 1, Kind = JobEvent.Queued, Data = "{}" });
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateException) when (db.Jobs.AsNoTracking().Any(stored => stored.Id == job.Id))
        {
            return true;    // the connection broke when it was stored already
        }
        catch (DbUpdateException) when (job.IdempotencyKey is not null)
        {
            return false;
        }
    }

    public async Task<JobRow?> FindAsync(string id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Jobs.AsNoTracking().FirstOrDefaultAsync(job => job.Id == id, cancellationToken);
    }

    /// <summary>What an owner sent under a name of its own, or null.</summary>
    public async Task<JobRow?> FindByKeyAsync(string owner, string key, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Jobs.AsNoTracking().FirstOrDefaultAsync(job => job.Owner == owner && job.IdempotencyKey == key, cancellationToken);
    }

    /// <summary>Frees the name that a job was sent under.</summary>
    public Task<bool> ForgetKeyAsync(string id) =>
        ChangeAsync(db => db.Jobs.Where(job => job.Id == id), change => change.SetProperty(job => job.IdempotencyKey, (string?)null), id, []);

    /// <summary>Removes the events of jobs that ended before a time.</summary>
    /// <returns>How many events.</returns>
    public async Task<int> ForgetEventsAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        var ended = before.ToUnixTimeMilliseconds();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Events.Where(item => db.Jobs.Any(job => job.Id == item.Job && job.Ended < ended)).ExecuteDeleteAsync(cancellationToken);
    }

    /// <summary>Shows an owner among its jobs what was cleared away.</summary>
    public async Task AddClearedAsync(string owner, Cleared cleared, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        db.Jobs.Add(new()
        {
            Id = Guid.CreateVersion7(time.GetUtcNow()).ToString(),
            Owner = owner,
            Kind = JobRow.Clear,
            Request = JobEvent.Of("", cleared).Data,
            Holds = "",
            State = JobState.Done,
            Created = Now,
            Started = Now,
            Ended = Now,
        });
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Removes what is said of clearing away before a time.</summary>
    public async Task ForgetClearedAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        var ended = before.ToUnixTimeMilliseconds();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.Jobs.Where(job => job.Kind == JobRow.Clear && job.Ended < ended).ExecuteDeleteAsync(cancellationToken);
    }

    /// <summary>All that wait, oldest first.</summary>
    public async Task<List<QueuedJob>> QueuedAsync(CancellationToken cancellationToken = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Jobs.Where(job => job.State == JobState.Queued).OrderBy(job => job.Id)
            .Select(job => new QueuedJob(job.Id, job.Owner, job.Priority, job.Holds)).ToListAsync(cancellationToken);
    }

    /// <summary>All that run.</summary>
    public async Task<List<JobRow>> RunningAsync(CancellationToken cancellationToken = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Jobs.AsNoTracking().Where(job => job.State == JobState.Running).ToListAsync(cancellationToken);
    }

    /// <summary>How many wait, in all and of an owner.</summary>
    public async Task<(int All, int Own)> CountQueuedAsync(string owner, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var queued = db.Jobs.Where(job => job.State == JobState.Queued);
        return (await queued.CountAsync(cancellationToken), await queued.CountAsync(job => job.Owner == owner, cancellationToken));
    }

    /// <summary>Gives a waiting job to a painter.</summary>
    /// <returns>False when it no longer waits.</returns>
    public Task<bool> ClaimAsync(string id, string lease, string painter) => ChangeAsync(
        db => db.Jobs.Where(job => job.Id == id && job.State == JobState.Queued),
        change => change.SetProperty(job => job.State, JobState.Running).SetProperty(job => job.Lease, lease).SetProperty(job => job.Painter, painter)
            .SetProperty(job => job.Attempts, job => job.Attempts + 1).SetProperty(job => job.Started, Now),
        id, [JobEvent.Of(JobEvent.Started, new { painter })]);

    /// <summary>Tells of a running job.</summary>
    /// <returns>False when the lease no longer holds: then nothing is told, and the work is for nothing.</returns>
    public Task<bool> TellAsync(string id, string lease, Progress progress, IReadOnlyList<JobEvent> events, IReadOnlyList<PictureRow> pictures) => ChangeAsync(
        Held(id, lease),
        change => change.SetProperty(job => job.Picture, progress.Picture).SetProperty(job => job.Step, progress.Step)
            .SetProperty(job => job.Steps, progress.Steps),
        id, events, async db =>
        {
            var numbers = pictures.Select(picture => picture.Number).ToList();
            await db.Pictures.Where(picture => picture.Job == id && numbers.Contains(picture.Number)).ExecuteDeleteAsync();    // a training that went on
            db.Pictures.AddRange(pictures);
            if (events.Any(item => item.Kind == JobEvent.Preview))
            {
                await DropPreviews(id)(db);    // the newest is enough
            }
        });

    /// <summary>Ends a running job.</summary>
    /// <returns>False when the lease no longer holds.</returns>
    /// <param name="learned">What comes to the subject of the cast, if it is still there.</param>
    public Task<bool> EndAsync(string id, string lease, JobState state, JobError? error = null, LearnedRow? learned = null) =>
        ChangeAsync(Held(id, lease), change => Ended(change, state, error), id, [JobEvent.Ended(state, error)], async db =>
        {
            await DropPreviews(id)(db);
            if (learned is not null && await db.Cast.AnyAsync(row => row.Id == learned.Cast))
            {
                db.Learned.Add(learned);
            }
        });

    /// <summary>Puts a running job back into the queue.</summary>
    /// <param name="attempt">Whether the attempt counts.</param>
    public Task<bool> ReleaseAsync(string id, string lease, bool attempt) => ChangeAsync(
        Held(id, lease),
        change => change.SetProperty(job => job.State, JobState.Queued).SetProperty(job => job.Lease, (string?)null)
            .SetProperty(job => job.Painter, (string?)null).SetProperty(job => job.Attempts, job => job.Attempts - (attempt ? 0 : 1))
            .SetProperty(job => job.Picture, 0).SetProperty(job => job.Step, 0),
        id, [new(JobEvent.Queued, "{}")], DropPictures(id));

    /// <summary>Cancels a waiting job.</summary>
    public Task<bool> CancelQueuedAsync(string id) => ChangeAsync(
        db => db.Jobs.Where(job => job.Id == id && job.State == JobState.Queued),
        change => Ended(change, JobState.Cancelled, null), id, [JobEvent.Ended(JobState.Cancelled, null)]);

    /// <summary>Says that a running job is to stop.</summary>
    public Task<bool> StopAsync(string id) => ChangeAsync(
        db => db.Jobs.Where(job => job.Id == id && job.State == JobState.Running), change => change.SetProperty(job => job.IsStopping, true), id, []);

    /// <summary>Queues a job again that failed or was cancelled, with all attempts before it.</summary>
    public Task<bool> RetryAsync(string id) => ChangeAsync(
        db => db.Jobs.Where(job => job.Id == id && (job.State == JobState.Failed || job.State == JobState.Cancelled)),
        change => change.SetProperty(job => job.State, JobState.Queued).SetProperty(job => job.Attempts, 0).SetProperty(job => job.IsStopping, false)
            .SetProperty(job => job.Ended, (long?)null).SetProperty(job => job.Started, (long?)null).SetProperty(job => job.Error, (string?)null)
            .SetProperty(job => job.ErrorField, (string?)null).SetProperty(job => job.Picture, 0).SetProperty(job => job.Step, 0),
        id, [new(JobEvent.Queued, "{}")], DropPictures(id));

    /// <summary>Changes what is free to be changed of a job that waits, or of any.</summary>
    public Task<bool> AmendAsync(string id, int? priority, bool? kept) => ChangeAsync(
        db => db.Jobs.Where(job => job.Id == id && (priority == null || job.State == JobState.Queued)),
        change => change.SetProperty(job => job.Priority, job => priority ?? job.Priority).SetProperty(job => job.IsKept, job => kept ?? job.IsKept), id, []);

    /// <summary>Removes a job that has ended, with its events and pictures; blobs stay until nothing names them.</summary>
    public Task<bool> DeleteAsync(string id) => databases.InTransactionAsync(async db =>
    {
        var ended = db.Jobs.Where(job => job.Id == id && job.State != JobState.Queued && job.State != JobState.Running);
        if (await ended.ExecuteDeleteAsync() == 0)
        {
            return false;
        }

        await db.Events.Where(item => item.Job == id).ExecuteDeleteAsync();
        await db.Pictures.Where(picture => picture.Job == id).ExecuteDeleteAsync();
        await db.Uses.Where(use => use.Job == id).ExecuteDeleteAsync();
        return true;
    });

    /// <summary>Events after a number.</summary>
    public async Task<List<EventRow>> EventsAsync(string id, int after, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Events.AsNoTracking().Where(item => item.Job == id && item.Number > after).OrderBy(item => item.Number).ToListAsync(cancellationToken);
    }

    /// <summary>How long the newest jobs ran, in seconds.</summary>
    public async Task<double?> UsualSecondsAsync(CancellationToken cancellationToken)
    {
        const int newest = 20;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var times = await db.Jobs.Where(job => job.State == JobState.Done && job.Kind == JobRow.Paint).OrderByDescending(job => job.Id).Take(newest)
            .Select(job => job.Ended - job.Started).ToListAsync(cancellationToken);
        return times.Average() / 1000;
    }

    private static Func<ServiceDb, IQueryable<JobRow>> Held(string id, string lease) =>
        db => db.Jobs.Where(job => job.Id == id && job.State == JobState.Running && job.Lease == lease);

    // A job begins anew; a training goes on, and its sheets stay.
    private static Func<ServiceDb, Task> DropPictures(string id) => db => db.Pictures
        .Where(picture => picture.Job == id && db.Jobs.Any(job => job.Id == id && job.Kind != JobRow.Learn)).ExecuteDeleteAsync();

    private static Func<ServiceDb, Task> DropPreviews(string id) =>
        db => db.Events.Where(item => item.Job == id && item.Kind == JobEvent.Preview).ExecuteDeleteAsync();

    private UpdateSettersBuilder<JobRow> Ended(UpdateSettersBuilder<JobRow> change, JobState state, JobError? error) => change
        .SetProperty(job => job.State, state).SetProperty(job => job.Lease, (string?)null).SetProperty(job => job.Ended, Now)
        .SetProperty(job => job.Error, error == null ? null : error.Detail).SetProperty(job => job.ErrorField, error == null ? null : error.Field);

    private Task<bool> ChangeAsync(
        Func<ServiceDb, IQueryable<JobRow>> from,
        Action<UpdateSettersBuilder<JobRow>> change,
        string id,
        IReadOnlyList<JobEvent> events,
        Func<ServiceDb, Task>? also = null) => databases.InTransactionAsync(async db =>
    {
        var changed = await from(db).ExecuteUpdateAsync(setters =>
        {
            change(setters);
            setters.SetProperty(job => job.Events, job => job.Events + events.Count);
        });
        if (changed == 0)
        {
            return false;
        }

        await (also?.Invoke(db) ?? Task.CompletedTask);
        var last = events.Count == 0 ? 0 : await db.Jobs.Where(job => job.Id == id).Select(job => job.Events).FirstAsync();
        db.Events.AddRange(events.Select((item, i) => new EventRow
        {
            Job = id,
            Number = last - events.Count + 1 + i,
            Kind = item.Kind,
            Data = item.Data,
        }));
        await db.SaveChangesAsync();
        return true;
    });
}

/// <summary>How far a job is.</summary>
/// <param name="Picture">From 0.</param>
internal readonly record struct Progress(int Picture, int Step, int Steps);
