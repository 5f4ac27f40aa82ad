using Dramatis.Server.Queue;
using Dramatis.Server.Storage;

namespace Dramatis.Server.Api;

/// <summary>Follows a job's events, from any of them on.</summary>
internal sealed class JobFollower(JobStore jobs, IGrainFactory grains)
{
    /// <summary>Events after a number, as they come, until the job has ended.</summary>
    public async IAsyncEnumerable<EventRow> FollowAsync(
        string job, int after, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var watch = await JobWatch.OfAsync(job, grains);
        while (true)
        {
            foreach (var item in await jobs.EventsAsync(job, after, cancellationToken))
            {
                yield return item;
                after = item.Number;
            }

            // State and events change together: whoever sees the end has seen all before it, but for what came since.
            if (await jobs.FindAsync(job, cancellationToken) is not { } row || (IsEnd(row.State) && row.Events <= after))
            {
                yield break;
            }

            if (row.Events <= after || (IsEnd(row.State) && (await jobs.EventsAsync(job, after, cancellationToken)).Count == 0))
            {
                if (IsEnd(row.State))
                {
                    yield break;    // its events were old enough to go
                }

                await watch.NextAsync(cancellationToken);
            }
        }
    }

    /// <summary>Waits until a job has ended, or the time is over.</summary>
    public async Task<JobRow> EndOfAsync(JobRow job, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        await using var watch = await JobWatch.OfAsync(job.Id, grains);
        try
        {
            while (await jobs.FindAsync(job.Id, limit.Token) is { } row)
            {
                job = row;
                if (IsEnd(row.State))
                {
                    break;
                }

                await watch.NextAsync(limit.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // as far as it is
        }

        return job;
    }

    public static bool IsEnd(JobState state) => state is not (JobState.Queued or JobState.Running);
}
