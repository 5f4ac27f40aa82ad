using Dramatis.Server.Settings;
using Dramatis.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Dramatis.Server.Tests.Storage;

/// <summary>A database of a test's own.</summary>
internal sealed class TestDatabase : IDbContextFactory<ServiceDb>, IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dramatis-test-");
    private readonly DbContextOptions<ServiceDb> options;

    private TestDatabase()
    {
        var builder = new DbContextOptionsBuilder<ServiceDb>();
        ServiceDb.Configure(builder, new ServiceSettings { Data = folder.FullName });
        options = builder.Options;
    }

    public static async Task<TestDatabase> CreateAsync()
    {
        var database = new TestDatabase();
        await ServiceDb.PrepareAsync(database, TestContext.Current.CancellationToken);
        return database;
    }

    public ServiceDb CreateDbContext() => new(options);

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        folder.Delete(recursive: true);
    }
}
