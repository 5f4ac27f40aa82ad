using System.Net;
using System.Net.Http.Json;

namespace Dramatis.Server.Tests.Api;

public sealed class QueueLimitTests
{
    [Fact]
    public async Task Who_comes_when_the_queue_is_full_is_told_when_to_come_again()
    {
        await using var service = await RunningService.StartAsync(null, ("painters", "0"), ("max_queue", "2"));
        await service.PaintAsync(new { prompt = "1" }, "");
        await service.PaintAsync(new { prompt = "2" }, "");

        using var answer = await service.Http.PostAsJsonAsync("/v1/pictures", new { prompt = "3" }, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.Contains("max_queue 2", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(503, (await service.SendAsync(HttpMethod.Get, "/health/ready")).Status);
    }

    [Fact]
    public async Task Who_asked_in_vain_again_and_again_sends_nobody_away_for_longer_once_places_are_free()
    {
        const int places = 3, usualSeconds = 10;
        await using var service = await RunningService.StartAsync(null, ("painters", "0"), ("max_queue", $"{places}"));
        var jobs = await FillAsync();
        for (var i = 1; i <= 6; i++)
        {
            Assert.Equal(i * usualSeconds, await ComeAgainAsync(), tolerance: 2);
        }

        foreach (var job in jobs)
        {
            await service.SendAsync(HttpMethod.Post, $"/v1/jobs/{job}/cancel");
        }

        await FillAsync();    // the first two leave places free

        Assert.Equal((6 - (places - 1) + 1) * usualSeconds, await ComeAgainAsync(), tolerance: 5);

        async Task<List<string>> FillAsync()
        {
            var ids = new List<string>();
            for (var i = 0; i < places; i++)
            {
                ids.Add((await service.PaintAsync(new { prompt = $"{i}" }, "")).Text("id"));
            }

            return ids;
        }

        async Task<double> ComeAgainAsync()
        {
            using var answer = await service.Http.PostAsJsonAsync("/v1/pictures", new { prompt = "one more" }, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
            return answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds;
        }
    }
}
