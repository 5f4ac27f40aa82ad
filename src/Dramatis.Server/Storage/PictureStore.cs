using Microsoft.EntityFrameworkCore;

namespace Dramatis.Server.Storage;

/// <summary>Which jobs a list has.</summary>
/// <param name="Before">The id that the page before ended with; null begins with the newest.</param>
internal sealed record Page(string? Before, int Limit);

/// <summary>What galleries and lists show; newest first.</summary>
internal sealed class PictureStore(IDbContextFactory<ServiceDb> databases)
{
    public async Task<List<JobRow>> JobsAsync(string? owner, JobState? state, Page page, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Jobs.AsNoTracking()
            .Where(job => (owner == null || job.Owner == owner) && (state == null || job.State == state)
                && (page.Before == null || string.Compare(job.Id, page.Before) < 0))
            .OrderByDescending(job => job.Id).Take(page.Limit).ToListAsync(cancellationToken);
    }

    /// <summary>What was painted for an owner; sheets of trainings are with their jobs alone.</summary>
    public async Task<List<PictureRow>> PicturesAsync(string owner, Page page, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await Painted(db, owner)
            .Where(picture => page.Before == null || string.Compare(picture.Id, page.Before) < 0)
            .OrderByDescending(picture => picture.Id).Take(page.Limit).ToListAsync(cancellationToken);
    }

    /// <summary>How many there are of <see cref="PicturesAsync"/> on all pages.</summary>
    public async Task<int> CountAsync(string owner, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await Painted(db, owner).CountAsync(cancellationToken);
    }

    /// <summary>The pictures of jobs, in their order.</summary>
    public async Task<ILookup<string, PictureRow>> OfJobsAsync(IReadOnlyList<string> jobs, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var rows = await db.Pictures.AsNoTracking().Where(picture => jobs.Contains(picture.Job)).OrderBy(picture => picture.Number)
            .ToListAsync(cancellationToken);
        return rows.ToLookup(picture => picture.Job);
    }

    /// <summary>Keeps a picture, and its job with it, from being cleared away, or no longer.</summary>
    public async Task<bool> KeepAsync(string owner, string id, bool isKept, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Pictures.Where(picture => picture.Id == id && picture.Owner == owner)
            .ExecuteUpdateAsync(change => change.SetProperty(picture => picture.IsKept, isKept), cancellationToken) == 1;
    }

    public async Task<PictureRow?> FindAsync(string owner, string id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Pictures.AsNoTracking().FirstOrDefaultAsync(picture => picture.Id == id && picture.Owner == owner, cancellationToken);
    }

    private static IQueryable<PictureRow> Painted(ServiceDb db, string owner) =>
        db.Pictures.AsNoTracking().Where(picture => picture.Owner == owner && db.Jobs.Any(job => job.Id == picture.Job && job.Kind == JobRow.Paint));
}
