using Dramatis.TestKit;

namespace Dramatis.Server.Tests.Host;

/// <summary>Processes that die, and a service that is asked to end.</summary>
public sealed class FaultTests
{
    private static readonly object Slow = new { prompt = "slow", steps = 150, size = Sizes.Small };

    [Fact]
    public async Task A_painter_that_is_killed_costs_an_attempt()
    {
        await using var service = await StartAsync();
        var job = await RunningAsync(service);

        RunningService.Kill(Assert.Single(service.Painters()));
        var done = await service.UntilAsync(job, "done");

        Assert.Equal((2, 1), (done.Number("attempts"), done.List("pictures").Count));
    }

    [Fact, Slow]
    public async Task A_job_that_kills_its_painters_fails_with_what_is_known()
    {
        await using var service = await StartAsync(null, ("max_attempts", "2"));
        var job = await RunningAsync(service);

        RunningService.Kill(Assert.Single(service.Painters()));
        await service.UntilAsync(job, seen => seen.Number("attempts") == 2 && seen.Text("state") == "running");
        RunningService.Kill(Assert.Single(service.Painters()));
        var failed = await service.UntilAsync(job, "failed");

        Assert.Contains("died 2 times", failed.GetProperty("error").Text("detail"), StringComparison.Ordinal);
    }

    [Fact, Slow]
    public async Task A_painter_that_never_joins_gives_its_place_to_another()
    {
        await using var service = await RunningService.StartAsync(null, ("rehearse", "true"), ("painter_seconds", "20"));
        SpinWait.SpinUntil(() => service.Painters().Count == 1, TimeSpan.FromSeconds(20));
        var stuck = Assert.Single(service.Painters());
        RunningService.Freeze(stuck);

        var done = await service.PaintAsync(new { prompt = "a dog", steps = 1, size = Sizes.Small });

        Assert.Equal("done", done.Text("state"));
        Assert.NotEqual(stuck, Assert.Single(service.Painters()));
    }

    [Slow]
    [Fact]
    public async Task A_queue_stays_paused_when_its_service_begins_anew()
    {
        await using var first = await StartAsync();
        await first.PostAsync("/v1/queue/pause");
        await first.TerminateAsync();

        await using var second = await StartAsync(first.Data);
        var job = await second.PaintAsync(new { prompt = "waits", steps = 1, size = Sizes.Small }, "?wait=1");

        Assert.True((await second.GetAsync("/v1/queue")).GetProperty("is_paused").GetBoolean());
        Assert.Equal("queued", job.Text("state"));
        await second.PostAsync("/v1/queue/resume");
        await second.UntilAsync(job, "done");
    }

    [Fact, Slow]
    public async Task A_service_that_is_killed_takes_its_jobs_up_again()
    {
        await using var first = await StartAsync();
        var running = await RunningAsync(first);
        var waiting = await first.PaintAsync(new { prompt = "waits" }, "");
        var painter = Assert.Single(first.Painters());
        first.Kill();
        SpinWait.SpinUntil(() => !Directory.Exists($"/proc/{painter}"), TimeSpan.FromSeconds(20));
        Assert.False(Directory.Exists($"/proc/{painter}"));    // a painter does not outlive its service

        await using var second = await StartAsync(first.Data);

        Assert.Single((await second.UntilAsync(running, "done")).List("pictures"));
        Assert.Single((await second.UntilAsync(waiting, "done")).List("pictures"));
        var events = await second.Http.GetStringAsync($"/v1/jobs/{running.Text("id")}/events", TestContext.Current.CancellationToken);
        Assert.Equal(2, events.Split("event: started\n").Length - 1);
    }

    [Theory, Slow]
    [InlineData("30", "done")]
    [InlineData("0", "queued")]
    public async Task A_service_that_is_asked_to_end_lets_pictures_finish_if_there_is_time(string drain, string state)
    {
        await using var first = await StartAsync(null, ("drain", drain));
        var job = await RunningAsync(first);

        Assert.Equal(0, await first.TerminateAsync());

        await using var second = await RunningService.StartAsync(first.Data, ("painters", "0"));
        var left = await second.GetAsync($"/v1/jobs/{job.Text("id")}");
        Assert.Equal((state, state == "done" ? 1 : 0), (left.Text("state"), left.Number("attempts")));
    }

    private static async Task<RunningService> StartAsync(string? data = null, params (string, string)[] settings) =>
        await (await RunningService.StartAsync(data, [("rehearse", "true"), .. settings])).ReadyAsync();

    private static async Task<System.Text.Json.JsonElement> RunningAsync(RunningService service) =>
        await service.UntilAsync(
            await service.PaintAsync(Slow, ""), seen => seen.TryGetProperty("progress", out var progress) && progress.Number("step") > 1);
}
