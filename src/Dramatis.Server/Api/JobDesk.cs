using System.Text;
using System.Security.Cryptography;
using Dramatis.Requests;
using Dramatis.Server.Queue;
using Dramatis.Server.Storage;

namespace Dramatis.Server.Api;

/// <summary>Makes jobs, and changes them as their owners want.</summary>
internal sealed class JobDesk(JobStore jobs, ServiceLimits limits, IGrainFactory grains, TimeProvider time)
{
    private IDispatcher Dispatcher => grains.GetGrain<IDispatcher>(0);

    /// <summary>Puts a request into the queue.</summary>
    /// <exception cref="RefusedException">Too many wait.</exception>
    public async Task<JobRow> SubmitAsync(Intake intake, string owner, int priority, CancellationToken cancellationToken)
    {
        await limits.CheckQueueAsync(owner, cancellationToken);
        var request = intake.Request;
        var job = new JobRow
        {
            Id = Guid.CreateVersion7(time.GetUtcNow()).ToString(),
            Owner = owner,
            Kind = "paint",
            Request = RequestJson.Write(request),
            Holds = HoldsOf(request),
            Priority = priority,
            Created = time.GetUtcNow().ToUnixTimeMilliseconds(),
            Events = 1,
        };
        await jobs.AddAsync(job, intake.Blobs, cancellationToken);
        await Dispatcher.Wait(Waiting(job));
        return job;
    }

    /// <exception cref="RefusedException">There is no such job of that owner.</exception>
    public async Task<JobRow> FindAsync(string id, string owner, CancellationToken cancellationToken) =>
        await jobs.FindAsync(id, cancellationToken) is { } job && job.Owner == owner ? job : throw RefusedException.NotFound("job", id);

    /// <summary>Stops a job, whether it waits or runs.</summary>
    /// <exception cref="RefusedException">It has ended.</exception>
    public async Task<JobRow> CancelAsync(string id, string owner, CancellationToken cancellationToken)
    {
        await FindAsync(id, owner, cancellationToken);
        if (await jobs.CancelQueuedAsync(id))
        {
            await Dispatcher.Forget(id);
            await grains.GetGrain<IJob>(id).Changed();
        }
        else if (await jobs.StopAsync(id))
        {
            await Dispatcher.Stop(id);
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

        await Dispatcher.Wait(Waiting(job));
        return await FindAsync(id, owner, cancellationToken);
    }

    /// <exception cref="RefusedException">It no longer waits.</exception>
    public async Task<JobRow> AmendAsync(string id, string owner, int? priority, bool? kept, CancellationToken cancellationToken)
    {
        var job = await FindAsync(id, owner, cancellationToken);
        if (!await jobs.AmendAsync(id, priority, kept))
        {
            throw Ended(job, "given another priority");
        }

        var amended = await FindAsync(id, owner, cancellationToken);
        if (amended.State == JobState.Queued)
        {
            await Dispatcher.Wait(Waiting(amended));
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

    // What a painter would have to load to paint it.
    private static string HoldsOf(GenerationRequest request)
    {
        string[] loaded = [request.Model!, request.Method ?? "", .. request.Controls.Select(control => control.Model), .. request.Loras.Select(lora => lora.File)];
        return string.Join('\n', loaded) is { Length: <= 200 } text ? text : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', loaded))));
    }

    private static QueuedJob Waiting(JobRow job) => new(job.Id, job.Owner, job.Priority, job.Holds);

    private static RefusedException Ended(JobRow job, string wanted) =>
        new(StatusCodes.Status409Conflict, "state", $"the job is {ServiceDb.NameOf(job.State)} and cannot be {wanted}.");
}
