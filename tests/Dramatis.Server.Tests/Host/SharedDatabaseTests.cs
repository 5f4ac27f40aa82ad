using System.Text.Json;
using Dramatis.Server.Tests.Storage;
using Dramatis.TestKit;

namespace Dramatis.Server.Tests.Host;

/// <summary>Several processes of a service that share a PostgreSQL.</summary>
[Collection(OnPostgres.Name), Slow]
public sealed class SharedDatabaseTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly List<RunningService> started = [];
    private readonly string data = Directory.CreateTempSubdirectory("dramatis-test-").FullName;
    private string database = "";

    public async ValueTask InitializeAsync() => database = await postgres.ConnectAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var process in started)
        {
            await process.DisposeAsync();
        }
    }

    [Fact]
    public async Task Any_of_them_answers_for_all_and_none_is_missed()
    {
        var (one, two) = (await StartApiAsync(), await StartApiAsync());
        var painters = new[] { StartPainter(), StartPainter() };
        await one.ReadyAsync();
        await two.ReadyAsync();
        await WaitForPaintersAsync(two, 2);
        var before = await SubmitAsync(one, 6);
        await AssertDoneAsync(two, before);
        Assert.Equal(2, (await Task.WhenAll(before.Select(job => PainterOfAsync(two, job)))).Distinct().Count());

        var during = await SubmitAsync(two, 6);
        painters[0].Kill();
        await AssertDoneAsync(one, during);

        var after = await SubmitAsync(two, 4);
        one.Kill();
        after = [.. after, .. await SubmitAsync(two, 4)];
        await AssertDoneAsync(two, after);
    }

    [Fact]
    public async Task A_service_of_its_own_keeps_its_jobs_there()
    {
        var first = await StartAsync(("rehearse", "true"));
        await first.ReadyAsync();
        var job = await first.PaintAsync(new { prompt = "a dog" });
        await first.TerminateAsync();

        var second = await StartAsync(("painters", "0"));

        Assert.Equal(job.ToString(), (await second.GetAsync($"/v1/jobs/{job.Text("id")}")).ToString());
        Assert.False(File.Exists(Path.Combine(data, "service.db")));
    }

    private Task<RunningService> StartApiAsync() => StartAsync(("role", "api"));

    private async Task<RunningService> StartAsync(params (string, string)[] settings)
    {
        var service = await RunningService.StartAsync(data, [("database", database), .. settings]);
        started.Add(service);
        return service;
    }

    private RunningService StartPainter()
    {
        var painter = RunningService.StartPainter(data, ("database", database), ("rehearse", "true"));
        started.Add(painter);
        return painter;
    }

    private static async Task WaitForPaintersAsync(RunningService service, int count)
    {
        while ((await service.GetAsync("/v1/queue")).Number("painters") < count)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    private static async Task<JsonElement[]> SubmitAsync(RunningService service, int count) => await Task.WhenAll(
        Enumerable.Range(0, count).Select(i => service.PaintAsync(new { prompt = $"slow {i}", steps = 60, seed = i, size = Sizes.Small }, "")));

    private static async Task AssertDoneAsync(RunningService service, IEnumerable<JsonElement> jobs)
    {
        foreach (var job in jobs)
        {
            Assert.Single((await service.UntilAsync(job, "done")).List("pictures"));
        }
    }

    private static async Task<string> PainterOfAsync(RunningService service, JsonElement job)
    {
        var events = await service.Http.GetStringAsync($"/v1/jobs/{job.Text("id")}/events", TestContext.Current.CancellationToken);
        return events.Split('\n').First(line => line.Contains("\"painter\"", StringComparison.Ordinal));
    }
}
