using System.Text.Json;
using Dramatis.Server.Settings;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Dramatis.Server.Storage;

/// <summary>What lasts. Any process of the service opens it.</summary>
internal sealed class ServiceDb(DbContextOptions<ServiceDb> options) : DbContext(options)
{
    private const string FileName = "service.db";

    public DbSet<JobRow> Jobs => Set<JobRow>();

    public DbSet<EventRow> Events => Set<EventRow>();

    public DbSet<PictureRow> Pictures => Set<PictureRow>();

    public DbSet<BlobRow> Blobs => Set<BlobRow>();

    public DbSet<UseRow> Uses => Set<UseRow>();

    /// <summary>How the database of a service is opened.</summary>
    public static void Configure(DbContextOptionsBuilder options, ServiceSettings settings) => options
        .UseSqlite($"Data Source={Path.Combine(settings.Data!, FileName)}")
        .ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.PendingModelChangesWarning));    // migrations are written by hand

    /// <summary>Makes the database, or brings that of an earlier release up to date.</summary>
    public static async Task PrepareAsync(IDbContextFactory<ServiceDb> databases, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.Database.MigrateAsync(cancellationToken);
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
        foreach (var property in builder.Model.GetEntityTypes().SelectMany(type => type.GetProperties()))
        {
            property.SetColumnName(JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name));
        }
    }

    /// <summary>As the database and the API have it.</summary>
    public static string NameOf(JobState state) => JsonNamingPolicy.SnakeCaseLower.ConvertName(state.ToString());
}
