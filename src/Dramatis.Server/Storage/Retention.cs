using System.Linq.Expressions;
using Dramatis.Server.Settings;
using Microsoft.EntityFrameworkCore;

namespace Dramatis.Server.Storage;

/// <summary>What was cleared away.</summary>
internal sealed record Cleared(int Jobs, int Pictures, int Blobs, long Bytes)
{
    public static Cleared operator +(Cleared a, Cleared b) => new(a.Jobs + b.Jobs, a.Pictures + b.Pictures, a.Blobs + b.Blobs, a.Bytes + b.Bytes);
}

/// <summary>Clears away jobs that are old or too many, oldest first and never those that are kept, and the blobs that nothing names.</summary>
internal sealed class Retention(IDbContextFactory<ServiceDb> databases, JobStore jobs, BlobStore blobs, ServiceSettings settings, TimeProvider time)
{
    private const int AtOnce = 20;
    private const double BytesOfGb = 1e9;

    // A blob is there before what names it; an upload may be meant for later.
    private static readonly TimeSpan UnnamedLast = TimeSpan.FromDays(1);

    /// <returns>By owner. What nobody has is the owner's "".</returns>
    public async Task<IReadOnlyDictionary<string, Cleared>> ClearAsync(CancellationToken cancellationToken)
    {
        var cleared = new Dictionary<string, Cleared>();
        if (settings.Keep is { } days)
        {
            var before = (time.GetUtcNow() - TimeSpan.FromDays(days)).ToUnixTimeMilliseconds();
            while (await ClearJobsAsync(job => job.Ended < before, cleared, cancellationToken))
            {
                // and the next oldest
            }
        }

        await ClearUnnamedAsync(cleared, cancellationToken);
        while (settings.KeepGb is { } most && (await blobs.ListAsync(cancellationToken)).Sum(blob => blob.Bytes) > most * BytesOfGb && await ClearJobsAsync(_ => true, cleared, cancellationToken))
        {
            // until it is little enough, or all is kept
        }

        foreach (var (owner, what) in cleared.Where(item => item.Key.Length > 0))
        {
            await jobs.AddClearedAsync(owner, what, cancellationToken);
        }

        return cleared;
    }

    /// <returns>Whether there were any.</returns>
    private async Task<bool> ClearJobsAsync(Expression<Func<JobRow, bool>> which, Dictionary<string, Cleared> cleared, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var old = await db.Jobs.AsNoTracking()
            .Where(job => job.Ended != null && !job.IsKept && job.Kind != JobRow.Clear && !db.Pictures.Any(picture => picture.Job == job.Id && picture.IsKept))
            .Where(which).OrderBy(job => job.Ended).Take(AtOnce).Select(job => new { job.Id, job.Owner }).ToListAsync(cancellationToken);
        foreach (var job in old)
        {
            var pictures = await db.Pictures.Where(picture => picture.Job == job.Id).Select(picture => picture.Blob).ToListAsync(cancellationToken);
            var uses = await db.Uses.Where(use => use.Job == job.Id).Select(use => use.Blob).ToListAsync(cancellationToken);
            if (!await jobs.DeleteAsync(job.Id))
            {
                continue;
            }

            TrainingFolders.Remove(settings, job.Id);
            Add(cleared, job.Owner, new(1, pictures.Count, 0, 0));
            foreach (var blob in pictures.Concat(uses).Distinct())
            {
                await ClearAsync(db, blobs.Here(blob), uploadedAfter: null, cleared, cancellationToken);
            }
        }

        return old.Count > 0;
    }

    private async Task ClearUnnamedAsync(Dictionary<string, Cleared> cleared, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var before = time.GetUtcNow() - UnnamedLast;
        foreach (var blob in (await blobs.ListAsync(cancellationToken)).Where(blob => blob.Written < before))
        {
            await ClearAsync(db, blob, before, cleared, cancellationToken);
        }
    }

    private async Task ClearAsync(
        ServiceDb db, StoredBlob blob, DateTimeOffset? uploadedAfter, Dictionary<string, Cleared> cleared, CancellationToken cancellationToken)
    {
        var after = uploadedAfter?.ToUnixTimeMilliseconds() ?? long.MaxValue;
        if (await db.Pictures.AnyAsync(row => row.Blob == blob.Id, cancellationToken) || await db.Uses.AnyAsync(row => row.Blob == blob.Id, cancellationToken)
            || await db.Learned.AnyAsync(row => row.Id == blob.Id, cancellationToken)
            || await db.Blobs.AnyAsync(row => row.Id == blob.Id && row.Created >= after, cancellationToken))
        {
            return;
        }

        var owner = await db.Blobs.Where(row => row.Id == blob.Id).Select(row => row.Owner).FirstOrDefaultAsync(cancellationToken) ?? "";
        await db.Blobs.Where(row => row.Id == blob.Id).ExecuteDeleteAsync(cancellationToken);
        await blobs.RemoveAsync(blob.Id, cancellationToken);
        Add(cleared, owner, new(0, 0, 1, blob.Bytes));
    }

    private static void Add(Dictionary<string, Cleared> cleared, string owner, Cleared more) =>
        cleared[owner] = cleared.TryGetValue(owner, out var before) ? before + more : more;
}
