using System.Globalization;
using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Dramatis.Server.Storage;

/// <summary>Which processes the service has, kept in its database: what Orleans asks of a membership table.</summary>
/// <remarks>
/// Each change is a transaction that names the version of the table it starts from, and that of the row: of two at once one is refused, and its
/// silo reads again.
/// </remarks>
internal sealed class SiloTable(IDbContextFactory<ServiceDb> databases, IOptions<ClusterOptions> options) : IMembershipTable
{
    private string Cluster => options.Value.ClusterId;

    public async Task InitializeMembershipTable(bool tryInitTableVersion)
    {
        await using var db = await databases.CreateDbContextAsync();
        if (!tryInitTableVersion || await db.Clusters.AnyAsync(row => row.Id == Cluster))
        {
            return;
        }

        try
        {
            db.Clusters.Add(new() { Id = Cluster, Version = 0 });
            await db.SaveChangesAsync();
        }
        catch (DbUpdateException) when (db.Clusters.AsNoTracking().Any(row => row.Id == Cluster))
        {
            // another silo was quicker
        }
    }

    public Task DeleteMembershipTableEntries(string clusterId) => databases.InTransactionAsync(async db =>
    {
        await db.Silos.Where(row => row.Cluster == clusterId).ExecuteDeleteAsync();
        await db.Clusters.Where(row => row.Id == clusterId).ExecuteDeleteAsync();
        return true;
    });

    public async Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate)
    {
        var (before, active) = (beforeDate.UtcTicks, (int)SiloStatus.Active);
        await using var db = await databases.CreateDbContextAsync();
        await db.Silos.Where(row => row.Cluster == Cluster && row.Status != active && row.Alive < before && row.Started < before).ExecuteDeleteAsync();
    }

    public Task<MembershipTableData> ReadRow(SiloAddress key)
    {
        var id = key.ToParsableString();
        return ReadAsync(row => row.Id == id);
    }

    public Task<MembershipTableData> ReadAll() => ReadAsync(_ => true);

    public Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion)
    {
        var row = RowOf(entry, change: 0);
        return ChangeAsync(tableVersion, async db =>
        {
            if (await db.Silos.AnyAsync(other => other.Cluster == Cluster && other.Id == row.Id))
            {
                return false;
            }

            db.Silos.Add(row);
            await db.SaveChangesAsync();
            return true;
        });
    }

    public Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion)
    {
        var change = long.Parse(etag, CultureInfo.InvariantCulture);
        var row = RowOf(entry, change + 1);
        return ChangeAsync(tableVersion, async db => await db.Silos
            .Where(known => known.Cluster == Cluster && known.Id == row.Id && known.Change == change)
            .ExecuteUpdateAsync(set => set.SetProperty(known => known.Status, row.Status).SetProperty(known => known.Suspects, row.Suspects)
                .SetProperty(known => known.Host, row.Host).SetProperty(known => known.Name, row.Name).SetProperty(known => known.Gateway, row.Gateway)
                .SetProperty(known => known.Started, row.Started).SetProperty(known => known.Alive, row.Alive)
                .SetProperty(known => known.Change, row.Change)) == 1);
    }

    public async Task UpdateIAmAlive(MembershipEntry entry)
    {
        var (id, alive) = (entry.SiloAddress.ToParsableString(), entry.IAmAliveTime.Ticks);
        await using var db = await databases.CreateDbContextAsync();
        await db.Silos.Where(row => row.Cluster == Cluster && row.Id == id).ExecuteUpdateAsync(set => set.SetProperty(row => row.Alive, alive));
    }

    // The version's row is changed first: whoever else wants to waits for it.
    private Task<bool> ChangeAsync(TableVersion version, Func<ServiceDb, Task<bool>> change)
    {
        var (from, to) = (int.Parse(version.VersionEtag, CultureInfo.InvariantCulture), version.Version);
        return databases.InTransactionAsync(async db => await db.Clusters.Where(row => row.Id == Cluster && row.Version == from)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Version, to)) == 1 && await change(db));
    }

    // In one statement: rows and version belong together.
    private async Task<MembershipTableData> ReadAsync(Expression<Func<SiloRow, bool>> which)
    {
        await using var db = await databases.CreateDbContextAsync();
        var rows = await db.Clusters.AsNoTracking().Where(cluster => cluster.Id == Cluster)
            .SelectMany(
                cluster => db.Silos.Where(silo => silo.Cluster == cluster.Id).Where(which).DefaultIfEmpty(), (cluster, silo) => new { cluster.Version, Silo = silo })
            .ToListAsync();
        var version = rows.Count == 0 ? 0 : rows[0].Version;
        return new(
            [.. rows.Select(row => row.Silo).OfType<SiloRow>().Select(silo => Tuple.Create(EntryOf(silo), silo.Change.ToString(CultureInfo.InvariantCulture)))],
            new(version, version.ToString(CultureInfo.InvariantCulture)));
    }

    private SiloRow RowOf(MembershipEntry entry, long change) => new()
    {
        Id = entry.SiloAddress.ToParsableString(),
        Cluster = Cluster,
        Status = (int)entry.Status,
        Host = entry.HostName ?? "",
        Name = entry.SiloName ?? "",
        Gateway = entry.ProxyPort,
        Started = entry.StartTime.Ticks,
        Alive = entry.IAmAliveTime.Ticks,
        Suspects = string.Join(' ', (entry.SuspectTimes ?? []).Select(item => $"{item.Item1.ToParsableString()},{item.Item2.Ticks}")),
        Change = change,
    };

    private static MembershipEntry EntryOf(SiloRow row) => new()
    {
        SiloAddress = SiloAddress.FromParsableString(row.Id),
        Status = (SiloStatus)row.Status,
        HostName = row.Host,
        SiloName = row.Name,
        ProxyPort = row.Gateway,
        StartTime = new(row.Started, DateTimeKind.Utc),
        IAmAliveTime = new(row.Alive, DateTimeKind.Utc),
        SuspectTimes =
        [
            .. row.Suspects.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(item => item.Split(',')).Select(item => Tuple.Create(
                SiloAddress.FromParsableString(item[0]), new DateTime(long.Parse(item[1], CultureInfo.InvariantCulture), DateTimeKind.Utc))),
        ],
    };
}
