using Dramatis.Benches.Service;

namespace Dramatis.Server.Tests.Storage;

/// <summary>One PostgreSQL for all tests that need one; each has a database of its own there.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    internal PostgresServer? Server { get; private set; }

    public async ValueTask InitializeAsync() =>
        Server = PostgresServer.Programs is null ? null : await PostgresServer.StartAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => Server?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>A connection to a new database. The test is skipped where there is no PostgreSQL.</summary>
    internal Task<string> ConnectAsync()
    {
        Assert.SkipWhen(Server is null, "PostgreSQL is not there");
        return Server.CreateDatabaseAsync(TestContext.Current.CancellationToken);
    }
}

/// <summary>Tests that share it.</summary>
[CollectionDefinition(Name)]
public sealed class OnPostgres : ICollectionFixture<PostgresFixture>
{
    public const string Name = "postgres";
}
