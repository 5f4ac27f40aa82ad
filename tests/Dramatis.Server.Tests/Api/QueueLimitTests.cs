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
}
