using Dramatis.Server.Access;
using Dramatis.Server.Settings;
using Dramatis.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Dramatis.Server.Tests.Storage;

/// <summary>A database of a test's own.</summary>
internal sealed class TestDatabase : IDbContextFactory<ServiceDb>, IDisposable
{
    private readonly DirectoryInfo folder;
    private readonly DbContextOptions<ServiceDb> options;

    private TestDatabase(DirectoryInfo folder, string? connection)
    {
        this.folder = folder;
        var builder = new DbContextOptionsBuilder<ServiceDb>();
        ServiceDb.Configure(builder, new ServiceSettings { Data = folder.FullName, Database = connection });
        options = builder.Options;
    }

    /// <summary>One without tables.</summary>
    public static TestDatabase Empty(string? connection) => new(Directory.CreateTempSubdirectory("dramatis-test-"), connection);

    /// <param name="connection">To PostgreSQL; null for a file.</param>
    public static async Task<TestDatabase> CreateAsync(string? connection = null)
    {
        var database = Empty(connection);
        await ServiceDb.PrepareAsync(database, TestContext.Current.CancellationToken);
        return database;
    }

    /// <summary>The keys of a service that runs on a data folder.</summary>
    public static KeyStore KeysOf(string data) => new(new TestDatabase(new(data), connection: null), TimeProvider.System);

    public ServiceDb CreateDbContext() => new(options);

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Npgsql.NpgsqlConnection.ClearAllPools();
        folder.Delete(recursive: true);
    }
}
