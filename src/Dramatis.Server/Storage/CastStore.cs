using Microsoft.EntityFrameworkCore;

namespace Dramatis.Server.Storage;

/// <summary>Saved subjects, and what was learned of them.</summary>
internal sealed class CastStore(IDbContextFactory<ServiceDb> databases)
{
    /// <summary>A subject of an owner's by its id or its name, or null.</summary>
    public async Task<CastRow?> FindAsync(string owner, string idOrName, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var rows = await db.Cast.AsNoTracking().Where(row => row.Owner == owner && (row.Id == idOrName || row.Name == idOrName)).ToListAsync(cancellationToken);
        return rows.Find(row => row.Id == idOrName) ?? rows.FirstOrDefault();
    }

    /// <summary>Newest first.</summary>
    public async Task<List<CastRow>> ListAsync(string owner, Page page, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Cast.AsNoTracking().Where(row => row.Owner == owner && (page.Before == null || string.Compare(row.Id, page.Before) < 0))
            .OrderByDescending(row => row.Id).Take(page.Limit).ToListAsync(cancellationToken);
    }

    /// <summary>Adds a subject, or changes one, with the blobs that it needs.</summary>
    /// <returns>False when its owner has another of that name, or when it is to be changed and is no longer there.</returns>
    public async Task<bool> SaveAsync(CastRow row, bool isNew, CancellationToken cancellationToken)
    {
        try
        {
            return await databases.InTransactionAsync(
                async db =>
                {
                    db.Entry(row).State = isNew ? EntityState.Added : EntityState.Modified;
                    await db.SaveChangesAsync(cancellationToken);
                    await db.Uses.Where(use => use.Job == row.Id).ExecuteDeleteAsync(cancellationToken);
                    db.Uses.AddRange(row.PictureIds.Concat(row.MaskIds).Distinct().Select(blob => new UseRow { Job = row.Id, Blob = blob }));
                    await db.SaveChangesAsync(cancellationToken);
                    return true;
                },
                cancellationToken);
        }
        catch (DbUpdateException)
        {
            if (await IsInTheWayAsync(row, isNew, cancellationToken))
            {
                return false;
            }

            throw;
        }
    }

    /// <summary>Removes a subject with what was learned of it, unless it is just being learned.</summary>
    /// <returns>False when it is.</returns>
    public Task<bool> DeleteAsync(string id, CancellationToken cancellationToken) => databases.InTransactionAsync(
        async db =>
        {
            var gone = await db.Cast
                .Where(row => row.Id == id && !db.Jobs.Any(job => job.Cast == id && (job.State == JobState.Queued || job.State == JobState.Running)))
                .ExecuteDeleteAsync(cancellationToken);
            await db.Learned.Where(row => row.Cast == id).ExecuteDeleteAsync(cancellationToken);
            await db.Uses.Where(use => use.Job == id).ExecuteDeleteAsync(cancellationToken);
            return gone > 0;    // or else nothing of this has been
        },
        cancellationToken);

    /// <summary>What was learned of subjects, the newest first.</summary>
    public async Task<ILookup<string, LearnedRow>> LearnedOfAsync(IReadOnlyList<string> cast, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var rows = await db.Learned.AsNoTracking().Where(row => cast.Contains(row.Cast)).OrderByDescending(row => row.Created).ThenByDescending(row => row.Job)
            .ToListAsync(cancellationToken);
        return rows.ToLookup(row => row.Cast);
    }

    /// <summary>Something learned of an owner's by what requests call it, or null.</summary>
    public async Task<LearnedRow?> FindLearnedAsync(string owner, string id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Learned.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id && row.Owner == owner, cancellationToken);
    }

    private async Task<bool> IsInTheWayAsync(CastRow row, bool isNew, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Cast.AnyAsync(other => other.Owner == row.Owner && other.Name == row.Name && other.Id != row.Id, cancellationToken)
            || (!isNew && !await db.Cast.AnyAsync(other => other.Id == row.Id, cancellationToken));
    }
}
