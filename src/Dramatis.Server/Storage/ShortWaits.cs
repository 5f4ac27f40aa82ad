using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Dramatis.Server.Storage;

/// <summary>Lets SQLite itself wait for a writer of another process, a millisecond at first: Microsoft.Data.Sqlite sleeps 150 of them each time.</summary>
internal sealed class ShortWaits : DbConnectionInterceptor
{
    private const string Wait = "pragma busy_timeout = 5000";    // milliseconds; then Microsoft.Data.Sqlite goes on trying

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Wait;
        command.ExecuteNonQuery();
    }

    public override async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = Wait;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
