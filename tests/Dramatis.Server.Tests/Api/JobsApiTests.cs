using System.Text.Json;

namespace Dramatis.Server.Tests.Api;

[Collection(Rehearsing.Name)]
public sealed class JobsApiTests(RehearsingService rehearsing) : IAsyncLifetime
{
    // A hundred of them take a second.
    private static readonly object Slow = new { prompt = "slow", steps = 1000, size = Sizes.Small };

    private readonly RunningService service = rehearsing.Service;

    // What another test has asked for and not waited for would stand before what is asked for here.
    public async ValueTask InitializeAsync() => await service.UntilIdleAsync();

    public async ValueTask DisposeAsync() => await service.PostAsync("/v1/queue/resume");

    [Fact]
    public async Task A_waiting_job_has_a_place_and_is_cancelled_at_once()
    {
        await service.PostAsync("/v1/queue/pause");
        var first = await service.PaintAsync(new { prompt = "one" }, "");
        var second = await service.PaintAsync(new { prompt = "two" }, "");

        Assert.Equal((1, 2), (first.Number("place"), second.Number("place")));
        Assert.Equal("cancelled", await ChangeAsync(first, "cancel"));
        Assert.Equal(1, (await service.GetAsync($"/v1/jobs/{second.Text("id")}")).Number("place"));
        await service.PostAsync("/v1/queue/resume");
        Assert.Empty((await service.UntilAsync(first, "cancelled")).List("pictures"));
        Assert.Single((await service.UntilAsync(second, "done")).List("pictures"));
    }

    [Fact]
    public async Task A_running_job_is_cancelled_too_and_the_next_one_runs()
    {
        var job = await service.UntilAsync(await service.PaintAsync(Slow, ""), seen => seen.TryGetProperty("progress", out var progress) && progress.Number("step") > 1);

        await ChangeAsync(job, "cancel");
        await service.UntilAsync(job, "cancelled");

        Assert.Equal("done", (await service.PaintAsync(new { prompt = "next" })).Text("state"));
        Assert.Equal(409, (await service.PostAsync($"/v1/jobs/{job.Text("id")}/cancel")).Status);
    }

    [Fact]
    public async Task What_was_cancelled_can_be_begun_again_and_what_is_done_cannot()
    {
        await service.PostAsync("/v1/queue/pause");
        var job = await service.PaintAsync(new { prompt = "again" }, "");
        await ChangeAsync(job, "cancel");
        await service.PostAsync("/v1/queue/resume");

        Assert.Equal("queued", await ChangeAsync(job, "retry"));
        Assert.Single((await service.UntilAsync(job, "done")).List("pictures"));
        Assert.Equal(409, (await service.PostAsync($"/v1/jobs/{job.Text("id")}/retry")).Status);
    }

    [Fact]
    public async Task A_higher_priority_goes_first()
    {
        await service.PostAsync("/v1/queue/pause");
        JsonElement[] jobs = [await service.PaintAsync(new { prompt = "1" }, ""), await service.PaintAsync(new { prompt = "2" }, "?priority=1")];
        await service.SendAsync(HttpMethod.Patch, $"/v1/jobs/{jobs[0].Text("id")}", new { priority = 2 });

        var now = await Task.WhenAll(jobs.Select(job => service.GetAsync($"/v1/jobs/{job.Text("id")}")));

        Assert.Equal([1, 2], now.Select(job => job.Number("place")));
        Assert.Equal([2, 1], (await service.GetAsync("/v1/jobs?state=queued")).List("items").Select(job => job.Number("place")));    // newest first
    }

    [Fact]
    public async Task A_job_that_has_ended_can_be_deleted_with_its_pictures()
    {
        var job = await service.PaintAsync(new { prompt = "gone" });

        Assert.Equal(204, (await service.SendAsync(HttpMethod.Delete, $"/v1/jobs/{job.Text("id")}")).Status);
        Assert.Equal(404, (await service.SendAsync(HttpMethod.Get, $"/v1/jobs/{job.Text("id")}")).Status);
        Assert.Equal(404, (await service.SendAsync(HttpMethod.Get, job.List("pictures")[0].Text("url"))).Status);
    }

    [Fact]
    public async Task Lists_are_by_state_and_newest_first()
    {
        await service.PaintAsync(new { prompt = "a" });
        await service.PostAsync("/v1/queue/pause");
        var waiting = await service.PaintAsync(new { prompt = "b" }, "");

        Assert.Equal(waiting.Text("id"), Assert.Single((await service.GetAsync("/v1/jobs?state=queued")).List("items")).Text("id"));
        Assert.All((await service.GetAsync("/v1/jobs?state=done")).List("items"), job => Assert.Equal("done", job.Text("state")));
        var ids = (await service.GetAsync("/v1/jobs?limit=200")).List("items").Select(job => job.Text("id")).ToList();
        Assert.Equal(ids.OrderDescending(StringComparer.Ordinal), ids);
        Assert.Equal((422, "state"), await ProblemAsync("/v1/jobs?state=lost"));
        Assert.Equal((422, "limit"), await ProblemAsync("/v1/jobs?limit=0"));
    }

    [Fact]
    public async Task What_is_not_there_is_not_found() => Assert.Equal(404, (await service.SendAsync(HttpMethod.Get, "/v1/jobs/nobody")).Status);

    [Fact]
    public async Task The_service_says_what_there_is()
    {
        Assert.Contains((await service.GetAsync("/v1/models")).List("data"), model => model.Text("id") == "toybox" && model.Text("object") == "model");
        Assert.Contains((await service.GetAsync("/v1/methods")).EnumerateArray(), method => method.Text("name") == "ms-diffusion");
        Assert.Contains((await service.GetAsync("/v1/samplers")).List("samplers"), sampler => sampler.GetString() == "euler");
        Assert.Equal(200, (await service.GetAsync("/v1/limits")).Number("max_prompt"));
        Assert.Equal(404, (await service.SendAsync(HttpMethod.Get, "/v1/models/none")).Status);
    }

    private async Task<string> ChangeAsync(JsonElement job, string verb)
    {
        var (status, changed) = await service.PostAsync($"/v1/jobs/{job.Text("id")}/{verb}");
        return status == 200 ? changed.Text("state") : $"{status} {changed}";
    }

    private async Task<(int Status, string Field)> ProblemAsync(string path)
    {
        var (status, problem) = await service.SendAsync(HttpMethod.Get, path);
        return (status, problem.Text("field"));
    }
}
