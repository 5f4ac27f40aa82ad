using Dramatis.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Dramatis.Server.Tests.Storage;

/// <summary>On the file that a service has where nothing else is said.</summary>
public sealed class SqliteJobStoreTests : JobStoreTests
{
    [Fact]
    public async Task SQLite_itself_waits_for_a_writer_of_another_process()
    {
        using var database = await TestDatabase.CreateAsync();
        await using var db = database.CreateDbContext();

        var wait = await db.Database.SqlQuery<int>($"select timeout as Value from pragma_busy_timeout").SingleAsync(TestContext.Current.CancellationToken);

        Assert.True(wait >= 1000, $"{wait} ms");
    }
}

/// <summary>On PostgreSQL.</summary>
[Collection(OnPostgres.Name)]
public sealed class PostgresJobStoreTests(PostgresFixture postgres) : JobStoreTests
{
    protected override async Task<string?> ConnectAsync() => await postgres.ConnectAsync();
}

/// <summary>Whoever lost a lease can change nothing, and events are numbered without a gap.</summary>
public abstract class JobStoreTests : IAsyncLifetime
{
    private TestDatabase database = null!;
    private JobStore jobs = null!;

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.CreateAsync(await ConnectAsync());
        jobs = new(database, TimeProvider.System);
    }

    public ValueTask DisposeAsync()
    {
        database?.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Of_many_who_claim_a_job_at_once_one_gets_it()
    {
        await AddAsync("a");

        var claims = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => jobs.ClaimAsync("a", $"lease {i}", "p"))));

        Assert.Single(claims, claimed => claimed);
        Assert.Equal(["queued", "started"], await KindsAsync("a"));
    }

    [Fact]
    public async Task A_lost_lease_tells_and_ends_nothing()
    {
        await AddAsync("a");
        await jobs.ClaimAsync("a", "first", "p");
        await jobs.ReleaseAsync("a", "first", attempt: true);
        await jobs.ClaimAsync("a", "second", "q");

        Assert.False(await jobs.TellAsync("a", "first", new(0, 1, 2), [new("step", "{}")], [Picture("x", "a")]));
        Assert.False(await jobs.EndAsync("a", "first", JobState.Done));
        Assert.False(await jobs.ReleaseAsync("a", "first", attempt: true));
        Assert.True(await jobs.EndAsync("a", "second", JobState.Done));
        Assert.Equal(["queued", "started", "queued", "started", "done"], await KindsAsync("a"));
        Assert.Equal((JobState.Done, 2), await StateAsync("a"));
    }

    [Fact]
    public async Task Events_from_several_sides_are_numbered_without_a_gap()
    {
        await AddAsync("a");
        await jobs.ClaimAsync("a", "l", "p");

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => jobs.TellAsync("a", "l", default, [new("step", "{}"), new("step", "{}")], []))));

        Assert.Equal(Enumerable.Range(1, 22), (await jobs.EventsAsync("a", 0, Stop)).Select(item => item.Number));
    }

    [Fact]
    public async Task The_newest_preview_is_kept_while_the_job_runs_and_none_after()
    {
        await AddAsync("a");
        await jobs.ClaimAsync("a", "l", "p");
        await jobs.TellAsync("a", "l", default, [new("preview", "1")], []);
        await jobs.TellAsync("a", "l", default, [new("preview", "2")], []);

        Assert.Equal("2", Assert.Single(await jobs.EventsAsync("a", 0, Stop), item => item.Kind == "preview").Data);

        await jobs.EndAsync("a", "l", JobState.Done);

        Assert.DoesNotContain("preview", await KindsAsync("a"));
    }

    [Fact]
    public async Task A_job_that_goes_back_to_the_queue_begins_anew()
    {
        await AddAsync("a");
        await jobs.ClaimAsync("a", "l", "p");
        await jobs.TellAsync("a", "l", new(1, 3, 4), [], [Picture("x", "a")]);

        await jobs.ReleaseAsync("a", "l", attempt: false);

        Assert.Equal((JobState.Queued, 0), await StateAsync("a"));
        Assert.Empty((await new PictureStore(database).OfJobsAsync(["a"], Stop))["a"]);
    }

    [Fact]
    public async Task A_training_that_goes_back_keeps_its_sheets_and_shows_one_of_a_step()
    {
        await jobs.AddAsync(new() { Id = "a", Owner = "o", Kind = JobRow.Learn, Cast = "c", Request = "{}", Holds = "m", Events = 1 }, [], Stop);
        await jobs.ClaimAsync("a", "l", "p");
        await jobs.TellAsync("a", "l", new(0, 3, 4), [], [Picture("x", "a")]);
        await jobs.ReleaseAsync("a", "l", attempt: true);
        await jobs.ClaimAsync("a", "m", "p");
        await jobs.TellAsync("a", "m", new(0, 3, 4), [], [Picture("y", "a")]);

        Assert.Equal("y", Assert.Single((await new PictureStore(database).OfJobsAsync(["a"], Stop))["a"]).Id);
        Assert.Empty(await new PictureStore(database).PicturesAsync("o", new(null, 10), Stop));
    }

    [Theory]
    [InlineData("c", 1)]
    [InlineData("forgotten", 0)]
    public async Task What_was_learned_comes_with_the_end_to_a_subject_that_is_still_there(string subject, int count)
    {
        var cast = new CastStore(database);
        await cast.SaveAsync(new() { Id = "c", Owner = "o", Name = "tom", Phrase = "cat", Pictures = "p q", Masks = "", Created = 1 }, isNew: true, Stop);
        await AddAsync("a");
        await jobs.ClaimAsync("a", "l", "p");
        var learned = new LearnedRow { Job = "a", Id = "f", Cast = subject, Owner = "o", Method = "lora", Model = "m", Words = "sks cat", Phrase = "sks cat", Created = 1 };

        Assert.False(await jobs.EndAsync("a", "lost", JobState.Done, learned: learned));
        Assert.Empty((await cast.LearnedOfAsync(["c"], Stop))["c"]);
        Assert.True(await jobs.EndAsync("a", "l", JobState.Done, learned: learned));
        Assert.Equal(count, (await cast.LearnedOfAsync(["c"], Stop))["c"].Count());
    }

    [Fact]
    public async Task Of_two_subjects_of_one_owner_and_name_one_is_saved()
    {
        var cast = new CastStore(database);
        CastRow Named(string id, string owner, string name) => new() { Id = id, Owner = owner, Name = name, Phrase = "cat", Pictures = "p", Masks = "", Created = 1 };

        var saved = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Task.Run(() => cast.SaveAsync(Named($"{i}", "o", "tom"), isNew: true, Stop))));

        Assert.Single(saved, isSaved => isSaved);
        Assert.True(await cast.SaveAsync(Named("x", "other", "tom"), isNew: true, Stop));
        Assert.True(await cast.SaveAsync(Named("y", "o", "rex"), isNew: true, Stop));
        Assert.False(await cast.SaveAsync(Named("y", "o", "tom"), isNew: false, Stop));
        Assert.False(await cast.SaveAsync(Named("gone", "o", "new"), isNew: false, Stop));
        Assert.Equal("rex", (await cast.FindAsync("o", "y", Stop))!.Name);
    }

    [Fact]
    public async Task Only_what_waits_is_cancelled_at_once_and_only_what_ended_is_deleted()
    {
        await AddAsync("a");
        await AddAsync("b");
        await jobs.ClaimAsync("b", "l", "p");

        Assert.Equal((true, false), (await jobs.CancelQueuedAsync("a"), await jobs.CancelQueuedAsync("b")));
        Assert.Equal((true, false), (await jobs.DeleteAsync("a"), await jobs.DeleteAsync("b")));
        Assert.Null(await jobs.FindAsync("a", Stop));
        Assert.Empty(await KindsAsync("a"));
    }

    [Fact]
    public async Task Events_go_when_their_job_ended_long_enough_ago()
    {
        await AddAsync("a");
        await AddAsync("b");
        await jobs.CancelQueuedAsync("a");

        Assert.Equal(0, await jobs.ForgetEventsAsync(TimeProvider.System.GetUtcNow().AddHours(-1), Stop));
        Assert.Equal(2, await jobs.ForgetEventsAsync(TimeProvider.System.GetUtcNow().AddHours(1), Stop));
        Assert.Empty(await KindsAsync("a"));
        Assert.Equal(["queued"], await KindsAsync("b"));
    }

    protected virtual Task<string?> ConnectAsync() => Task.FromResult<string?>(null);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private Task<bool> AddAsync(string id) => jobs.AddAsync(new() { Id = id, Owner = "o", Kind = "paint", Request = "{}", Holds = "m", Events = 1 }, [], Stop);

    private async Task<IEnumerable<string>> KindsAsync(string id) => (await jobs.EventsAsync(id, 0, Stop)).Select(item => item.Kind);

    private async Task<(JobState State, int Attempts)> StateAsync(string id) =>
        await jobs.FindAsync(id, Stop) is { } job ? (job.State, job.Attempts) : throw new KeyNotFoundException(id);

    private static PictureRow Picture(string id, string job) => new()
    {
        Id = id,
        Job = job,
        Owner = "o",
        Number = 0,
        Blob = "b",
        Seed = "18446744073709551615",
        Width = 1,
        Height = 1,
        Created = 0,
    };
}
