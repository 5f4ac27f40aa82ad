using System.Globalization;
using System.Net.ServerSentEvents;

namespace Dramatis.Server.Tests.Api;

[Collection(Rehearsing.Name)]
public sealed class EventsTests(RehearsingService rehearsing)
{
    private readonly RunningService service = rehearsing.Service;

    [Fact]
    public async Task All_that_happened_is_told_in_order_to_whoever_comes_late()
    {
        var job = await service.PaintAsync(new { prompt = "two", count = 2, steps = 3 });

        var events = await ReadAsync(job.Text("id"));

        Assert.Equal(
            ["queued", "started", "model_ready", "step", "step", "step", "picture", "step", "step", "step", "picture", "done"],
            events.Select(item => item.EventType));
        Assert.Equal(Enumerable.Range(1, 12), events.Select(Number));
    }

    [Fact]
    public async Task Whoever_watches_sees_it_as_it_comes()
    {
        var job = await service.PaintAsync(new { prompt = "live", steps = 40 }, "");

        var events = await ReadAsync(job.Text("id"));

        Assert.Equal(40, events.Count(item => item.EventType == "step"));
        Assert.Equal("done", events[^1].EventType);
    }

    [Fact]
    public async Task A_reader_that_comes_back_misses_nothing_and_reads_nothing_twice()
    {
        var job = await service.PaintAsync(new { prompt = "broken off", steps = 60 }, "");
        var seen = new List<SseItem<string>>();
        while (seen.Count == 0 || seen[^1].EventType != "done")
        {
            seen.AddRange(await ReadAsync(job.Text("id"), seen.Count == 0 ? null : Number(seen[^1]), most: 7));
        }

        Assert.Equal(Enumerable.Range(1, seen.Count), seen.Select(Number));
        Assert.Equal(60, seen.Count(item => item.EventType == "step"));
    }

    [Fact]
    public async Task Nobody_watches_what_is_not_there() => Assert.Equal(404, (await service.SendAsync(HttpMethod.Get, "/v1/jobs/none/events")).Status);

    private static int Number(SseItem<string> item) => int.Parse(item.EventId!, CultureInfo.InvariantCulture);

    private async Task<List<SseItem<string>>> ReadAsync(string job, int? after = null, int most = int.MaxValue)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/jobs/{job}/events");
        if (after is { } last)
        {
            request.Headers.Add("Last-Event-ID", last.ToString(CultureInfo.InvariantCulture));
        }

        using var answer = await service.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        await using var stream = await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        var items = new List<SseItem<string>>();
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(TestContext.Current.CancellationToken))
        {
            items.Add(item);
            if (items.Count == most)
            {
                break;
            }
        }

        return items;
    }
}
