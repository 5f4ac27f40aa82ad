using Dramatis.Server.Storage;
using Dramatis.Server.Storage.Migrations;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Dramatis.Server.Tests.Storage;

/// <summary>A file of an earlier release.</summary>
public sealed class SqliteUpgradeTests : UpgradeTests;

/// <summary>A database of PostgreSQL of an earlier release.</summary>
[Collection(OnPostgres.Name)]
public sealed class PostgresUpgradeTests(PostgresFixture postgres) : UpgradeTests
{
    protected override async Task<string?> ConnectAsync() => await postgres.ConnectAsync();
}

/// <summary>What an earlier release has stored opens in this one.</summary>
public abstract class UpgradeTests
{
    private const string First = "0001_first_tables";

    [Fact]
    public async Task Jobs_of_the_first_tables_are_there_and_go_on()
    {
        using var database = TestDatabase.Empty(await ConnectAsync());
        await using (var old = database.CreateDbContext())
        {
            var history = old.GetService<IHistoryRepository>();
            var tables = old.GetService<IMigrationsSqlGenerator>().Generate(new FirstTables { ActiveProvider = old.Database.ProviderName! }.UpOperations);
            foreach (var statement in (string[])[history.GetCreateScript(), .. tables.Select(table => table.CommandText), history.GetInsertScript(new(First, "10.0.0"))])
            {
                await old.Database.ExecuteSqlRawAsync(statement, Stop);
            }

            await old.Database.ExecuteSqlRawAsync(
                """
                insert into jobs (id, owner, kind, request, holds, state, priority, attempts, is_stopping, is_kept, created, events, picture, step, steps)
                values ('a', 'o', 'paint', '', 'm', 'queued', 3, 0, false, true, 7, 1, 0, 0, 0)
                """,
                Stop);
        }

        await ServiceDb.PrepareAsync(database, Stop);
        var jobs = new JobStore(database, TimeProvider.System);

        Assert.Equal(["a"], (await jobs.QueuedAsync(Stop)).Select(job => job.Id));
        Assert.True(await jobs.ClaimAsync("a", "l", "p"));
        var job = (await jobs.FindAsync("a", Stop))!;
        Assert.Equal((JobState.Running, 3, true, 7L, null), (job.State, job.Priority, job.IsKept, job.Created, job.Cast));
    }

    [Fact]
    public async Task Several_processes_may_bring_it_up_to_date_at_once()
    {
        using var database = TestDatabase.Empty(await ConnectAsync());

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => ServiceDb.PrepareAsync(database, Stop))));

        await using var db = database.CreateDbContext();
        Assert.Empty(await db.Database.GetPendingMigrationsAsync(Stop));
    }

    protected virtual Task<string?> ConnectAsync() => Task.FromResult<string?>(null);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;
}
