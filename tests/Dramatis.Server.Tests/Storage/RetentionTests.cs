using Dramatis.Server.Settings;
using Dramatis.Server.Storage;

namespace Dramatis.Server.Tests.Storage;

/// <summary>In the file of a service.</summary>
public sealed class SqliteRetentionTests : RetentionTests;

/// <summary>On PostgreSQL.</summary>
[Collection(OnPostgres.Name)]
public sealed class PostgresRetentionTests(PostgresFixture postgres) : RetentionTests
{
    protected override async Task<string?> ConnectAsync() => await postgres.ConnectAsync();
}

/// <summary>What is old or too much goes, and what is kept or named stays.</summary>
public abstract class RetentionTests : IAsyncLifetime
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dramatis-test-");
    private readonly ManualTime time = new();
    private TestDatabase database = null!;
    private JobStore jobs = null!;
    private BlobStore blobs = null!;
    private PictureStore pictures = null!;

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.CreateAsync(await ConnectAsync());
        (jobs, blobs, pictures) = (new(database, time), new(database, folder.FullName, time), new(database));
    }

    public ValueTask DisposeAsync()
    {
        database?.Dispose();
        folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Jobs_go_after_their_days_but_those_that_are_kept()
    {
        await PaintAsync("old", 1);
        await PaintAsync("kept", 2);
        await jobs.AmendAsync("kept", null, kept: true);
        await PaintAsync("kept by its picture", 3);
        await pictures.KeepAsync("o", "p kept by its picture", isKept: true, Stop);
        time.Now += TimeSpan.FromDays(5);
        await PaintAsync("new", 4);

        var cleared = await ClearAsync(new() { Keep = 3 });

        Assert.Equal(new Cleared(1, 1, 1, 10), cleared["o"]);
        Assert.Equal(["kept", "kept by its picture", "new"], await IdsAsync());
        Assert.Equal(3, (await blobs.ListAsync(Stop)).Count);
        Assert.Single(await pictures.JobsAsync("o", JobState.Done, new(null, 50), Stop), job => job.Kind == JobRow.Clear && job.Request.Contains("\"pictures\":1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_over_so_many_gigabytes_goes_oldest_first()
    {
        foreach (var (i, id) in ((string[])["kept", "a", "b", "c"]).Index())
        {
            await PaintAsync(id, (byte)i);
            time.Now += TimeSpan.FromMinutes(1);
        }

        await jobs.AmendAsync("kept", null, kept: true);
        Assert.Empty(await ClearAsync(new() { KeepGb = 41e-9 }));
        await ClearAsync(new() { KeepGb = 11e-9 });

        Assert.Equal(["kept"], await IdsAsync());
    }

    [Fact]
    public async Task A_picture_that_two_jobs_share_stays_with_the_other()
    {
        await PaintAsync("old", 1);
        time.Now += TimeSpan.FromDays(5);
        await PaintAsync("new", 1);

        await ClearAsync(new() { Keep = 3 });

        Assert.Equal(["new"], await IdsAsync());
        Assert.Single(await blobs.ListAsync(Stop));
        Assert.NotNull(await blobs.FindAsync("o", (await blobs.ListAsync(Stop))[0].Id, Stop));
    }

    [Fact]
    public async Task What_nothing_names_goes_after_a_day_and_what_the_cast_names_stays()
    {
        var named = await PutAsync(1);
        var unnamed = await PutAsync(2);
        var again = await PutAsync(3);
        var cast = new CastStore(database);
        await cast.SaveAsync(new() { Id = "c", Owner = "o", Name = "tom", Phrase = "cat", Pictures = named, Masks = "", Created = 1 }, isNew: true, Stop);

        Assert.Empty(await ClearAsync(new()));
        time.Now += TimeSpan.FromDays(2);
        await PutAsync(3);
        var cleared = await ClearAsync(new());

        Assert.Equal(new Cleared(0, 0, 1, 10), cleared["o"]);
        Assert.Equal(new[] { named, again }.Order(), (await blobs.ListAsync(Stop)).Select(blob => blob.Id).Order());
        Assert.Null(await blobs.FindAsync("o", unnamed, Stop));
    }

    [Fact]
    public async Task Models_that_were_learned_count_and_go_as_files_do()
    {
        var model = Directory.CreateDirectory(Path.Combine(folder.FullName, "model"));
        await File.WriteAllBytesAsync(Path.Combine(model.FullName, "weights"), new byte[70], Stop);
        Directory.SetLastWriteTimeUtc(model.FullName, time.Now.UtcDateTime);
        time.Now += TimeSpan.FromDays(2);

        Assert.Equal(70, (await ClearAsync(new()))[""].Bytes);
        Assert.False(Directory.Exists(model.FullName));
    }

    protected virtual Task<string?> ConnectAsync() => Task.FromResult<string?>(null);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private Task<IReadOnlyDictionary<string, Cleared>> ClearAsync(ServiceSettings settings) =>
        new Retention(database, jobs, blobs, settings with { Data = folder.FullName }, time).ClearAsync(Stop);

    private async Task<string> PutAsync(byte what)
    {
        var bytes = new byte[10];
        bytes[0] = what;
        var id = (await blobs.PutAsync("o", bytes, new(1, 1), Stop)).Id;
        File.SetLastWriteTimeUtc(blobs.PathOf(id), time.Now.UtcDateTime);
        return id;
    }

    private async Task PaintAsync(string id, byte picture)
    {
        await jobs.AddAsync(new() { Id = id, Owner = "o", Kind = JobRow.Paint, Request = "{}", Holds = "m", Events = 1 }, [], Stop);
        await jobs.ClaimAsync(id, "l", "p");
        var blob = await PutAsync(picture);
        await jobs.TellAsync(id, "l", default, [], [new() { Id = $"p {id}", Job = id, Owner = "o", Number = 0, Blob = blob, Seed = "1", Width = 1, Height = 1, Created = 0 }]);
        await jobs.EndAsync(id, "l", JobState.Done);
    }

    private async Task<IEnumerable<string>> IdsAsync() =>
        (await pictures.JobsAsync("o", null, new(null, 50), Stop)).Where(job => job.Kind == JobRow.Paint).Select(job => job.Id).Order(StringComparer.Ordinal);

    private sealed class ManualTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
