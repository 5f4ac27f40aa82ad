using Microsoft.EntityFrameworkCore;

namespace Dramatis.Server.Storage;

/// <summary>What all processes of the service are to know, and to remember when none of them runs.</summary>
internal sealed class FactStore(IDbContextFactory<ServiceDb> databases)
{
    /// <summary>Null for what nobody has said.</summary>
    public async Task<string?> GetAsync(string name, CancellationToken cancellationToken = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Facts.Where(fact => fact.Name == name).Select(fact => fact.Value).FirstOrDefaultAsync(cancellationToken);
    }

    public Task SetAsync(string name, string value) => databases.InTransactionAsync(async db =>
    {
        await db.Facts.Where(fact => fact.Name == name).ExecuteDeleteAsync();
        db.Facts.Add(new() { Name = name, Value = value });
        return await db.SaveChangesAsync();
    });

    /// <summary>All whose names begin so.</summary>
    public IReadOnlyList<string> All(string prefix)
    {
        using var db = databases.CreateDbContext();
        return [.. db.Facts.Where(fact => fact.Name.StartsWith(prefix)).Select(fact => fact.Value)];
    }
}
