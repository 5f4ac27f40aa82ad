using System.Text.Json;
using Dramatis.Errors;
using Dramatis.Server.Settings;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace Dramatis.Server.Storage;

/// <summary>What lasts. Any process of the service opens it.</summary>
internal sealed class ServiceDb(DbContextOptions<ServiceDb> options) : DbContext(options)
{
    private const string FileName = "service.db";
    private const int MostRetries = 10;
    private const int Door = 7865;    // a number of our own, among PostgreSQL's advisory locks
    private const int MostConnections = 20;    // of a process; a server usually allows a hundred

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    public DbSet<JobRow> Jobs => Set<JobRow>();

    public DbSet<EventRow> Events => Set<EventRow>();

    public DbSet<PictureRow> Pictures => Set<PictureRow>();

    public DbSet<BlobRow> Blobs => Set<BlobRow>();

    public DbSet<UseRow> Uses => Set<UseRow>();

    public DbSet<CastRow> Cast => Set<CastRow>();

    public DbSet<LearnedRow> Learned => Set<LearnedRow>();

    public DbSet<SiloRow> Silos => Set<SiloRow>();

    public DbSet<ClusterRow> Clusters => Set<ClusterRow>();

    public DbSet<KeyRow> Keys => Set<KeyRow>();

    public DbSet<FactRow> Facts => Set<FactRow>();

    /// <summary>How the database of a service is opened.</summary>
    /// <exception cref="InvalidRequestException">The setting is no connection.</exception>
    public static void Configure(DbContextOptionsBuilder options, ServiceSettings settings)
    {
        options.ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.PendingModelChangesWarning));    // migrations are written by hand
        if (settings.Database is { } connection)
        {
            // A server that is started again is waited for.
            options.UseNpgsql(ConnectionOf(connection), server => server.EnableRetryOnFailure(MostRetries, LongestPause, []));
        }
        else
        {
            options.UseSqlite($"Data Source={Path.Combine(settings.Data!, FileName)}").AddInterceptors(new ShortWaits());
        }
    }

    /// <summary>Makes the database, or brings that of an earlier release up to date.</summary>
    /// <exception cref="InvalidRequestException">The server cannot be reached, or refuses.</exception>
    public static async Task PrepareAsync(IDbContextFactory<ServiceDb> databases, CancellationToken cancellationToken)
    {
        try
        {
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            if (!db.Database.IsNpgsql())
            {
                await MigrateAsync(db, cancellationToken);
                return;
            }

            // One process at a time: EF Core's own lock is a table that the first of them has to make.
            await using var door = new NpgsqlConnection(db.Database.GetConnectionString());
            await door.OpenAsync(cancellationToken);
            await ExecuteAsync(door, $"select pg_advisory_lock({Door})", cancellationToken);
            await MigrateAsync(db, cancellationToken);
            await ExecuteAsync(door, $"select pg_advisory_unlock({Door})", cancellationToken);
        }
        catch (SqliteException e)
        {
            throw new InvalidRequestException("data", $"its {FileName} {ProblemOf(e)}");
        }
        catch (Exception e) when (e is NpgsqlException || e.InnerException is NpgsqlException)
        {
            throw new InvalidRequestException(
                "database",
                $"PostgreSQL does not answer as it should: {(e as NpgsqlException ?? e.InnerException)!.Message.TrimEnd('.')}. Start it, or mend the connection.");
        }
    }

    // What is newer than this program may mean something else by the same tables.
    private static async Task MigrateAsync(ServiceDb db, CancellationToken cancellationToken)
    {
        var newer = (await db.Database.GetAppliedMigrationsAsync(cancellationToken)).Except(db.Database.GetMigrations()).LastOrDefault();
        InvalidRequestException.ThrowUnless(
            newer is null,
            db.Database.IsNpgsql() ? "database" : "data",
            $"its tables are those of a newer release of Dramatis ({newer}). Start that release, or give another place.");
        await db.Database.MigrateAsync(cancellationToken);
    }

    private static string ProblemOf(SqliteException error) => error.SqliteErrorCode switch
    {
        5 or 6 => "is locked by another program; end that first.",
        8 or 14 => "cannot be opened or written; give the service the right to, or another folder.",
        13 => "cannot grow: the disk is full. Make room.",
        11 or 26 => "is damaged, or no database. Put a backup in its place, or move it away to begin with an empty one.",
        _ => $"cannot be read ({error.SqliteErrorCode}). Put a backup in its place, or move it away to begin with an empty one.",
    };

    private static async Task ExecuteAsync(NpgsqlConnection connection, string statement, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(statement, connection) { CommandTimeout = 0 };    // whoever is before may take its time
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string ConnectionOf(string text)
    {
        try
        {
            var connection = new NpgsqlConnectionStringBuilder(text);
            return connection.ContainsKey("Maximum Pool Size") ? connection.ConnectionString : $"{connection.ConnectionString};Maximum Pool Size={MostConnections}";
        }
        catch (Exception e) when (e is ArgumentException or FormatException or KeyNotFoundException)
        {
            throw new InvalidRequestException("database", $"is no connection to PostgreSQL such as \"Host=localhost;Database=dramatis;Username=me\": {e.Message}");
        }
    }

    protected override void OnModelCreating(ModelBuilder builder)
    {
        builder.Entity<JobRow>(job =>
        {
            job.ToTable("jobs").HasKey(row => row.Id);
            job.Property(row => row.State).HasConversion(state => NameOf(state), name => Enum.Parse<JobState>(name, true));
        });
        builder.Entity<EventRow>().ToTable("events").HasKey(row => new { row.Job, row.Number });
        builder.Entity<PictureRow>().ToTable("pictures").HasKey(row => row.Id);
        builder.Entity<BlobRow>().ToTable("blobs").HasKey(row => new { row.Id, row.Owner });
        builder.Entity<UseRow>().ToTable("uses").HasKey(row => new { row.Job, row.Blob });
        builder.Entity<CastRow>().ToTable("cast").HasKey(row => row.Id);
        builder.Entity<LearnedRow>().ToTable("learned").HasKey(row => row.Job);
        builder.Entity<SiloRow>().ToTable("silos").HasKey(row => new { row.Cluster, row.Id });
        builder.Entity<ClusterRow>().ToTable("clusters").HasKey(row => row.Id);
        builder.Entity<KeyRow>(key =>
        {
            key.ToTable("keys").HasKey(row => row.Name);
            key.Property(row => row.Role).HasConversion<string>();
        });
        builder.Entity<FactRow>().ToTable("facts").HasKey(row => row.Name);
        foreach (var property in builder.Model.GetEntityTypes().SelectMany(type => type.GetProperties()))
        {
            property.SetColumnName(JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name));
        }
    }

    /// <summary>As the database and the API have it.</summary>
    public static string NameOf<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
