using Dramatis.Server.Settings;
using Dramatis.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Dramatis.Server.Tests.Storage;

/// <summary>A database of a test's own.</summary>
internal sealed class TestDatabase : IDbContextFactory<ServiceDb>, IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dramatis-test-");
    private readonly DbContextOptions<ServiceDb> options;

    private TestDatabase(string? connection)
    {
        var builder = new DbContextOptionsBuilder<ServiceDb>();
        ServiceDb.Configure(builder, new ServiceSettings { Data = folder.FullName, Database = connection });
        options = builder.Options;
    }

    /// <summary>One without tables.</summary>
    public static TestDatabase Empty(string? connection) => new(connection);

    /// <param name="connection">To PostgreSQL; null for a file.</param>
    public static async Task<TestDatabase> CreateAsync(string? connection = null)
    {
        var database = Empty(connection);
        await ServiceDb.PrepareAsync(database, TestContext.Current.CancellationToken);
        return database;
    }

    public ServiceDb CreateDbContext() => new(options);

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Npgsql.NpgsqlConnection.ClearAllPools();
        folder.Delete(recursive: true);
    }
}
