using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.RegularExpressions;
using Dramatis.Server.Settings;
using Dramatis.Server.Tests.Access;
using Dramatis.TestKit;

namespace Dramatis.Server.Tests.Host;

public sealed class TelemetryTests
{
    private static readonly object Dog = new { prompt = "a dog", steps = 2, size = Sizes.Small };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Figures_of_jobs_and_of_the_queue_are_there_for_Prometheus()
    {
        await using var service = await (await RunningService.StartAsync(null, ("rehearse", "true"))).ReadyAsync();
        await service.PaintAsync(Dog);
        await service.PaintAsync(Dog);
        await service.PostAsync("/v1/queue/pause");
        await service.PaintAsync(Dog, "");

        var figures = await UntilAsync(service, text => Figure(text, "dramatis_jobs_total", "done") == 2 && Figure(text, "dramatis_jobs_waiting") == 1);

        Assert.Equal(1, Figure(figures, "dramatis_painters"));
        Assert.Equal(2, Figure(figures, "dramatis_job_wait_seconds_count", "toybox"));
        Assert.Equal(2, Figure(figures, "dramatis_job_duration_seconds_count", "toybox"));
    }

    [Slow]
    [Fact]
    public async Task They_are_for_admins()
    {
        await using var service = await RunningService.StartAsync(null, ("painters", "0"));
        var (user, admin) = (await service.AddKeyAsync("anna"), await service.AddKeyAsync("chef", KeyRole.Admin));
        var seen = new List<HttpStatusCode>();
        foreach (var key in (string?[])[null, user, admin])
        {
            service.Use(key);
            using var answer = await service.Http.GetAsync(new Uri("/metrics", UriKind.Relative), Stop);
            seen.Add(answer.StatusCode);
        }

        Assert.Equal([HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden, HttpStatusCode.OK], seen);
    }

    [Slow]
    [Fact]
    public async Task A_collector_gets_the_trace_of_a_request_from_both_processes()
    {
        const string trace = "0af7651916cd43dd8448eb211c80319c";
        using var collector = new HttpListener();
        var address = $"http://127.0.0.1:{FreePort()}";
        collector.Prefixes.Add($"{address}/");
        collector.Start();
        await using var service = await (await RunningService.StartAsync(null, ("rehearse", "true"), ("otlp", address))).ReadyAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/pictures?wait=60") { Content = JsonContent.Create(Dog) };
        request.Headers.Add("traceparent", $"00-{trace}-b7ad6b7169203331-01");
        using var answer = await service.Http.SendAsync(request, Stop);

        var spans = new List<string>();
        while (!spans.Any(text => text.Contains("dramatis.job", StringComparison.Ordinal)) || !spans.Any(text => text.Contains("/v1/pictures", StringComparison.Ordinal)))
        {
            var sent = await collector.GetContextAsync().WaitAsync(TimeSpan.FromMinutes(1), Stop);
            using var bytes = new MemoryStream();
            await sent.Request.InputStream.CopyToAsync(bytes, Stop);
            sent.Response.Close();
            var text = Encoding.Latin1.GetString(bytes.ToArray());
            if (sent.Request.Url!.AbsolutePath == "/v1/traces" && text.Contains(Encoding.Latin1.GetString(Convert.FromHexString(trace)), StringComparison.Ordinal))
            {
                spans.Add(text);
            }
        }

        Assert.DoesNotContain(spans, text => text.Contains("a dog", StringComparison.Ordinal));    // prompts are nobody's business
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task<string> UntilAsync(RunningService service, Func<string, bool> holds)
    {
        for (var attempt = 0; ; attempt++)
        {
            var text = await service.Http.GetStringAsync("/metrics", Stop);
            if (holds(text) || attempt == 100)
            {
                return text;
            }

            await Task.Delay(200, Stop);
        }
    }

    private static double? Figure(string text, string name, string tag = "") =>
        text.Split('\n').FirstOrDefault(line => Regex.IsMatch(line, $@"^{name}[ {{]") && line.Contains(tag, StringComparison.Ordinal)) is { } line
            ? double.Parse(Regex.Match(line, @"} (\S+)| (\S+)").Groups.Values.Skip(1).First(group => group.Success).Value, System.Globalization.CultureInfo.InvariantCulture)
            : null;
}
