using Microsoft.EntityFrameworkCore;

namespace Dramatis.Server.Storage;

/// <summary>Work on the database that is done whole or not at all.</summary>
internal static class Transactions
{
    /// <summary>Does it in a transaction, and again where the database was not to be reached for a while.</summary>
    /// <param name="work">May be called several times. What it returns false for is undone.</param>
    public static async Task<T> InTransactionAsync<T>(
        this IDbContextFactory<ServiceDb> databases, Func<ServiceDb, Task<T>> work, CancellationToken cancellationToken = default)
    {
        await using var outer = await databases.CreateDbContextAsync(cancellationToken);
        return await outer.Database.CreateExecutionStrategy().ExecuteAsync(
            async stop =>
            {
                await using var db = await databases.CreateDbContextAsync(stop);
                await using var transaction = await db.Database.BeginTransactionAsync(stop);
                var done = await work(db);
                if (done is not false)
                {
                    await transaction.CommitAsync(stop);
                }

                return done;
            },
            cancellationToken);
    }
}
