using Dramatis.Requests;
using Dramatis.Server.Settings;
using Dramatis.Server.Storage;

namespace Dramatis.Server.Api;

/// <summary>A job of a client that waits for it: when the client goes, the job goes too.</summary>
internal sealed class Errands(
    RequestIntake intake, JobDesk desk, JobFollower follower, PictureStore pictures, BlobStore blobs, ServiceSettings settings)
{
    /// <exception cref="RefusedException">The request is refused, or too many wait.</exception>
    public async Task<JobRow> BeginAsync(GenerationRequest request, string owner, CancellationToken stop) =>
        await desk.SubmitAsync(await intake.TakeAsync(request, new Dictionary<string, byte[]>(), owner, stop), owner, priority: 0, stop);

    /// <summary>Paints, and waits for the pictures, each as its PNG.</summary>
    /// <exception cref="RefusedException">The job failed or was cancelled.</exception>
    public async Task<(JobRow Job, IReadOnlyList<(PictureRow Row, byte[] Png)> Pictures)> RunAsync(GenerationRequest request, string owner, CancellationToken stop)
    {
        var job = await BeginAsync(request, owner, stop);
        try
        {
            job = await follower.EndOfAsync(job, TimeSpan.FromSeconds(settings.MaxSeconds) * settings.MaxAttempts, stop);
        }
        catch (OperationCanceledException)
        {
            await CancelAsync(job);
            throw;
        }

        return (job, await ResultAsync(job, stop));
    }

    /// <summary>The pictures of a job that has ended.</summary>
    /// <exception cref="RefusedException">The job failed or was cancelled.</exception>
    public async Task<IReadOnlyList<(PictureRow Row, byte[] Png)>> ResultAsync(JobRow job, CancellationToken stop)
    {
        if (job.State != JobState.Done)
        {
            throw new RefusedException(
                job.State == JobState.Cancelled ? StatusCodes.Status409Conflict : StatusCodes.Status422UnprocessableEntity,
                job.ErrorField ?? "",
                job.Error ?? $"the job is {ServiceDb.NameOf(job.State)}.");
        }

        var results = new List<(PictureRow, byte[])>();
        foreach (var row in (await pictures.OfJobsAsync([job.Id], stop))[job.Id])
        {
            results.Add((row, await blobs.ReadAsync(row.Blob, stop)));
        }

        return results;
    }

    /// <summary>Stops a job if it has not ended.</summary>
    public async Task CancelAsync(JobRow job)
    {
        try
        {
            await desk.CancelAsync(job.Id, job.Owner, CancellationToken.None);
        }
        catch (RefusedException)
        {
            // it has just ended
        }
    }
}
