using Dramatis.Server.Storage;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Dramatis.Server.Tests.Storage;

/// <summary>In the file of a service.</summary>
public sealed class SqliteSiloTableTests : SiloTableTests;

/// <summary>On PostgreSQL.</summary>
[Collection(OnPostgres.Name)]
public sealed class PostgresSiloTableTests(PostgresFixture postgres) : SiloTableTests
{
    protected override async Task<string?> ConnectAsync() => await postgres.ConnectAsync();
}

/// <summary>What Orleans asks of a table of silos: versions, ETags, one winner of several at once, cleaning up.</summary>
public abstract class SiloTableTests : IAsyncLifetime
{
    private static readonly DateTime Now = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    private TestDatabase database = null!;
    private SiloTable table = null!;

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.CreateAsync(await ConnectAsync());
        table = TableOf("one");
        await table.InitializeMembershipTable(true);
    }

    public ValueTask DisposeAsync()
    {
        database?.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_new_table_is_empty_and_stays_so_when_it_is_made_again()
    {
        var first = await table.ReadAll();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => table.InitializeMembershipTable(true))));
        await InsertAsync(Silo(1));
        await table.InitializeMembershipTable(true);

        Assert.Equal((0, 0), (first.Members.Count, first.Version.Version));
        Assert.Single((await table.ReadAll()).Members);
    }

    [Fact]
    public async Task What_is_inserted_is_read_as_it_was()
    {
        var entry = Silo(1);
        entry.AddSuspector(Silo(2).SiloAddress, Now.AddSeconds(-3));
        entry.AddSuspector(Silo(3).SiloAddress, Now);

        Assert.True(await InsertAsync(entry));
        var read = (await table.ReadRow(entry.SiloAddress)).Members.Single().Item1;

        Assert.Equal(
            (entry.SiloAddress, entry.Status, entry.HostName, entry.SiloName, entry.ProxyPort, entry.StartTime, entry.IAmAliveTime),
            (read.SiloAddress, read.Status, read.HostName, read.SiloName, read.ProxyPort, read.StartTime, read.IAmAliveTime));
        Assert.Equal(entry.SuspectTimes, read.SuspectTimes);
        Assert.Empty((await table.ReadRow(Silo(9).SiloAddress)).Members);
        Assert.Equal(1, (await table.ReadRow(Silo(9).SiloAddress)).Version.Version);
    }

    [Fact]
    public async Task A_silo_is_inserted_once_and_at_the_version_that_was_read()
    {
        var old = (await table.ReadAll()).Version;

        Assert.True(await table.InsertRow(Silo(1), old.Next()));
        Assert.False(await table.InsertRow(Silo(2), old.Next()));
        Assert.False(await InsertAsync(Silo(1)));
        var read = await table.ReadAll();
        Assert.Equal((1, 1), (read.Version.Version, read.Members.Count));
        Assert.NotEqual(old.VersionEtag, read.Version.VersionEtag);
    }

    [Fact]
    public async Task A_silo_is_changed_at_the_ETag_and_version_that_were_read()
    {
        await InsertAsync(Silo(1));
        var read = await table.ReadAll();
        var (entry, etag) = read.Members.Single();
        entry.Status = SiloStatus.Active;

        Assert.False(await table.UpdateRow(entry, etag, new(read.Version.Version, "17")));
        Assert.True(await table.UpdateRow(entry, etag, read.Version.Next()));
        entry.Status = SiloStatus.Dead;
        Assert.False(await table.UpdateRow(entry, etag, (await table.ReadAll()).Version.Next()));
        Assert.False(await table.UpdateRow(Silo(2), "0", (await table.ReadAll()).Version.Next()));
        var changed = await table.ReadAll();
        Assert.Equal((SiloStatus.Active, 2), (changed.Members.Single().Item1.Status, changed.Version.Version));
    }

    [Fact]
    public async Task Of_many_inserts_at_once_each_is_in_the_table_after_trying_again()
    {
        await Task.WhenAll(Enumerable.Range(1, 8).Select(i => Task.Run(async () =>
        {
            while (!await InsertAsync(Silo(i)))
            {
                // another was quicker
            }
        })));

        var read = await table.ReadAll();
        Assert.Equal((8, 8), (read.Members.Count, read.Version.Version));
    }

    [Fact]
    public async Task Of_many_changes_at_once_one_wins()
    {
        await InsertAsync(Silo(1));
        var read = await table.ReadAll();
        var (entry, etag) = read.Members.Single();

        var done = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => table.UpdateRow(entry, etag, read.Version.Next()))));

        Assert.Single(done, isDone => isDone);
        Assert.Equal(2, (await table.ReadAll()).Version.Version);
    }

    [Fact]
    public async Task That_a_silo_lives_changes_no_version()
    {
        await InsertAsync(Silo(1));
        var before = await table.ReadAll();
        var alive = Silo(1);
        alive.IAmAliveTime = Now.AddMinutes(5);

        await table.UpdateIAmAlive(alive);

        var after = await table.ReadAll();
        Assert.Equal((before.Version.VersionEtag, before.Members.Single().Item2), (after.Version.VersionEtag, after.Members.Single().Item2));
        Assert.Equal(Now.AddMinutes(5), after.Members.Single().Item1.IAmAliveTime);
    }

    [Fact]
    public async Task Silos_that_are_long_gone_are_cleared_away_and_live_ones_stay()
    {
        await InsertAsync(Silo(1, SiloStatus.Dead, Now.AddDays(-9)));
        await InsertAsync(Silo(2, SiloStatus.Active, Now.AddDays(-9)));
        await InsertAsync(Silo(3, SiloStatus.Dead, Now));

        await table.CleanupDefunctSiloEntries(new DateTimeOffset(Now).AddDays(-7));

        Assert.Equal([Silo(2).SiloAddress, Silo(3).SiloAddress], (await table.ReadAll()).Members.Select(member => member.Item1.SiloAddress).Order());
    }

    [Fact]
    public async Task Clusters_in_one_database_do_not_see_each_other()
    {
        var other = TableOf("two");
        await other.InitializeMembershipTable(true);
        await InsertAsync(Silo(1));
        Assert.Empty((await other.ReadAll()).Members);
        Assert.True(await other.InsertRow(Silo(1), (await other.ReadAll()).Version.Next()));

        await table.DeleteMembershipTableEntries("one");

        Assert.Empty((await table.ReadAll()).Members);
        Assert.Single((await other.ReadAll()).Members);
    }

    protected virtual Task<string?> ConnectAsync() => Task.FromResult<string?>(null);

    private SiloTable TableOf(string cluster) => new(database, Options.Create(new ClusterOptions { ClusterId = cluster, ServiceId = cluster }));

    private async Task<bool> InsertAsync(MembershipEntry entry) => await table.InsertRow(entry, (await table.ReadAll()).Version.Next());

    private static MembershipEntry Silo(int number, SiloStatus status = SiloStatus.Joining, DateTime? alive = null) => new()
    {
        SiloAddress = SiloAddress.FromParsableString($"127.0.0.1:{9000 + number}@{number}"),
        Status = status,
        HostName = "here",
        SiloName = $"silo {number}",
        ProxyPort = 8000 + number,
        StartTime = alive ?? Now,
        IAmAliveTime = alive ?? Now,
    };
}
