using System.Text;
using System.Diagnostics;
using System.Security.Cryptography;
using Dramatis.Requests;
using Dramatis.Server.Queue;
using Dramatis.Server.Storage;
using Dramatis.Training.Learned;
using Dramatis.Training.Subjects;

namespace Dramatis.Server.Api;

/// <summary>Makes jobs, and changes them as their owners want.</summary>
internal sealed class JobDesk(JobStore jobs, ServiceLimits limits, IGrainFactory grains, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan KeysHold = TimeSpan.FromHours(24);

    // Through which one job at a time comes into the queue: the last free place is given once.
    private readonly SemaphoreSlim door = new(1);

    public void Dispose() => door.Dispose();

    private IDispatcher Dispatcher => grains.GetGrain<IDispatcher>(0);

    /// <summary>Puts a request into the queue.</summary>
    /// <param name="key">The client's own name for it: sent twice within a day, it is one job.</param>
    /// <exception cref="RefusedException">Too many wait, or the name is another request's.</exception>
    public async Task<JobRow> SubmitAsync(Intake intake, string owner, int priority, CancellationToken cancellationToken, string? key = null)
    {
        // A seed that is drawn is drawn once: each attempt paints the same.
        var job = new JobRow
        {
            Id = Guid.CreateVersion7(time.GetUtcNow()).ToString(),
            Owner = owner,
            Kind = JobRow.Paint,
            Request = RequestJson.Write(intake.Request with { Seed = intake.Request.Seed ?? (ulong)Random.Shared.NextInt64(uint.MaxValue) }),
            Holds = HoldsOf(intake.Request),
            Priority = priority,
            Created = time.GetUtcNow().ToUnixTimeMilliseconds(),
            Events = 1,
            Trace = Activity.Current?.Id,
            IdempotencyKey = key,
            BodyHash = HashOf(RequestJson.Write(intake.Request)),
        };
        return await SubmitAsync(job, intake.Blobs, cancellationToken);
    }

    /// <summary>Puts a training of a subject of the cast into the queue.</summary>
    /// <inheritdoc cref="SubmitAsync(Intake, string, int, CancellationToken, string?)"/>
    public Task<JobRow> LearnAsync(CastRow subject, LearnRequest request, int priority, CancellationToken cancellationToken, string? key = null)
    {
        var text = LearnRequestJson.Write(request);
        var job = new JobRow
        {
            Id = Guid.CreateVersion7(time.GetUtcNow()).ToString(),
            Owner = subject.Owner,
            Kind = JobRow.Learn,
            Cast = subject.Id,
            Request = text,
            Holds = $"{JobRow.Learn} {request.Model}",
            Priority = priority,
            Created = time.GetUtcNow().ToUnixTimeMilliseconds(),
            Events = 1,
            Trace = Activity.Current?.Id,
            IdempotencyKey = key,
            BodyHash = HashOf($"{subject.Id} {text}"),
        };
        return SubmitAsync(job, [.. subject.PictureIds, .. subject.MaskIds], cancellationToken);
    }

    /// <param name="owner">Null for whoever's it is.</param>
    /// <exception cref="RefusedException">There is no such job of that owner.</exception>
    public async Task<JobRow> FindAsync(string id, string? owner, CancellationToken cancellationToken) =>
        await jobs.FindAsync(id, cancellationToken) is { } job && (owner is null || job.Owner == owner) ? job : throw RefusedException.NotFound("job", id);

    /// <summary>Stops a job, whether it waits or runs.</summary>
    /// <exception cref="RefusedException">It has ended.</exception>
    public async Task<JobRow> CancelAsync(string id, string? owner, CancellationToken cancellationToken)
    {
        await FindAsync(id, owner, cancellationToken);
        if (await jobs.CancelQueuedAsync(id))
        {
            await Telling.TryAsync(() => Dispatcher.Forget(id));
            await Telling.TryAsync(() => grains.GetGrain<IJob>(id).Changed());
        }
        else if (await jobs.StopAsync(id))
        {
            await Telling.TryAsync(() => Dispatcher.Stop(id));
        }
        else
        {
            throw Ended(await FindAsync(id, owner, cancellationToken), "cancelled");
        }

        return await FindAsync(id, owner, cancellationToken);
    }

    /// <summary>Queues a job again that failed or was cancelled.</summary>
    /// <exception cref="RefusedException">It did neither, or too many wait.</exception>
    public async Task<JobRow> RetryAsync(string id, string owner, CancellationToken cancellationToken)
    {
        var job = await FindAsync(id, owner, cancellationToken);
        await limits.CheckQueueAsync(owner, cancellationToken);
        if (!await jobs.RetryAsync(id))
        {
            throw Ended(job, "begun again");
        }

        await Telling.TryAsync(() => Dispatcher.Wait(Waiting(job)));
        return await FindAsync(id, owner, cancellationToken);
    }

    /// <exception cref="RefusedException">It no longer waits.</exception>
    public async Task<JobRow> AmendAsync(string id, string? owner, int? priority, bool? kept, CancellationToken cancellationToken)
    {
        var job = await FindAsync(id, owner, cancellationToken);
        if (!await jobs.AmendAsync(id, priority, kept))
        {
            throw Ended(job, "given another priority");
        }

        var amended = await FindAsync(id, owner, cancellationToken);
        if (amended.State == JobState.Queued)
        {
            await Telling.TryAsync(() => Dispatcher.Wait(Waiting(amended)));
        }

        return amended;
    }

    /// <exception cref="RefusedException">It has not ended.</exception>
    public async Task DeleteAsync(string id, string owner, CancellationToken cancellationToken)
    {
        var job = await FindAsync(id, owner, cancellationToken);
        if (!await jobs.DeleteAsync(id))
        {
            throw Ended(job, "deleted; cancel it first");
        }
    }

    private async Task<JobRow> SubmitAsync(JobRow job, IReadOnlyList<string> blobs, CancellationToken cancellationToken)
    {
        var (owner, key, hash) = (job.Owner, job.IdempotencyKey, job.BodyHash!);
        if (await SentBeforeAsync(owner, key, hash, cancellationToken) is { } earlier)
        {
            return earlier;
        }

        await door.WaitAsync(cancellationToken);
        try
        {
            await limits.CheckQueueAsync(owner, cancellationToken);
            if (!await jobs.AddAsync(job, blobs, cancellationToken))
            {
                return (await SentBeforeAsync(owner, key, hash, cancellationToken))!;    // it came twice at once
            }
        }
        finally
        {
            door.Release();
        }

        await Telling.TryAsync(() => Dispatcher.Wait(Waiting(job)));
        return job;
    }

    private async Task<JobRow?> SentBeforeAsync(string owner, string? key, string hash, CancellationToken cancellationToken)
    {
        if (key is null || await jobs.FindByKeyAsync(owner, key, cancellationToken) is not { } earlier)
        {
            return null;
        }

        if (time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(earlier.Created) > KeysHold)
        {
            await jobs.ForgetKeyAsync(earlier.Id);
            return null;
        }

        return earlier.BodyHash == hash ? earlier : throw new RefusedException(
            StatusCodes.Status409Conflict, "Idempotency-Key", $"\"{key}\" is another request's (job {earlier.Id}); give each request a name of its own.");
    }

    // What a painter would have to load to paint it.
    private static string HoldsOf(GenerationRequest request)
    {
        string[] loaded = [request.Model!, request.Method ?? "", .. request.Controls.Select(control => control.Model), .. request.Loras.Select(lora => lora.File)];
        return string.Join('\n', loaded) is { Length: <= 200 } text ? text : HashOf(string.Join('\n', loaded));
    }

    private static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static QueuedJob Waiting(JobRow job) => new(job.Id, job.Owner, job.Priority, job.Holds);

    private static RefusedException Ended(JobRow job, string wanted) =>
        new(StatusCodes.Status409Conflict, "state", $"the job is {ServiceDb.NameOf(job.State)} and cannot be {wanted}.");
}
