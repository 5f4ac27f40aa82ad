using Dramatis.Server.Storage;

namespace Dramatis.Server.Tests.Storage;

/// <summary>Whoever lost a lease can change nothing, and events are numbered without a gap.</summary>
public sealed class JobStoreTests : IAsyncLifetime
{
    private TestDatabase database = null!;
    private JobStore jobs = null!;

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.CreateAsync();
        jobs = new(database, TimeProvider.System);
    }

    public ValueTask DisposeAsync()
    {
        database.Dispose();
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
