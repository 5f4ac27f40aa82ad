using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.Json;

namespace Dramatis.Benches.Service;

/// <summary>Ten times as many clients as a queue has places: those that are let in must not wait longer for it, the others be told when to come again.</summary>
internal sealed class CapacityBench(ServiceBenchOptions options)
{
    private const int Times = 10;
    private const int Rounds = 3;    // alone: one by itself may be disturbed
    private const int StepsOfJob = 10;    // a painter that does nothing takes a hundredth of a second for each
    private const double MostRatio = 1.2;
    private const string Patiently = "?wait=100";    // as programs ask that want the picture: whoever looks and looks again costs the service what it measures

    private static readonly TimeSpan Lasts = TimeSpan.FromSeconds(20);

    // A service that has just started compiles its own code beside the work; that of days does not.
    private static readonly TimeSpan Warms = TimeSpan.FromSeconds(60);

    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("dramatis-bench-");
        try
        {
            await using var service = await ServiceProcess.StartAsync(
                options, folder.FullName, cancellationToken, [("rehearse", "true"), ("max_queue", $"{options.Queue}"), ("max_queue_per_owner", $"{options.Queue}")]);
            await service.ReadyAsync(1, cancellationToken);
            await FullAsync(service, cancellationToken);    // until it knows its own pace
            await CrowdAsync(service, Warms, cancellationToken);
            var alone = new List<double>();
            for (var round = 0; round < Rounds; round++)
            {
                alone.Add(await FullAsync(service, cancellationToken));
            }

            return Findings(await CrowdAsync(service, Lasts, cancellationToken), alone.Order().ElementAt(Rounds / 2));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // What a job waits that comes when all places but its own are taken.
    private async Task<double> FullAsync(ServiceProcess service, CancellationToken cancellationToken)
    {
        for (var i = 1; i < options.Queue; i++)
        {
            await service.PostAsync("/v1/pictures", Request, cancellationToken);
        }

        return SecondsOf((await service.PostAsync($"/v1/pictures{Patiently}", Request, cancellationToken)).Body);
    }

    private async Task<Crowd> CrowdAsync(ServiceProcess service, TimeSpan lasts, CancellationToken cancellationToken)
    {
        var (latencies, tries) = (new ConcurrentBag<double>(), new ConcurrentBag<int>());
        var refused = 0;
        var over = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Times * options.Queue).Select(_ => Task.Run(
            async () =>
            {
                for (var attempt = 1; over.Elapsed < lasts; attempt++)
                {
                    var (status, job, again) = await service.PostAsync($"/v1/pictures{Patiently}", Request, cancellationToken);
                    if (status is HttpStatusCode.Accepted or HttpStatusCode.OK)
                    {
                        latencies.Add(SecondsOf(job));
                        tries.Add(attempt);
                        attempt = 0;
                        continue;
                    }

                    Interlocked.Increment(ref refused);
                    await Task.Delay(again ?? throw new InvalidOperationException($"{status} without Retry-After: {job}"), cancellationToken);
                }
            },
            cancellationToken)));
        return new([.. latencies.Order()], [.. tries.Where(attempts => attempts > 1)], refused);
    }

    private List<Finding> Findings(Crowd crowd, double alone)
    {
        var (median, once) = (crowd.Latencies[crowd.Latencies.Count / 2], crowd.Tries.Count(attempts => attempts == 2));
        return
        [
            new("clients, places, jobs done, refusals", FormattableString.Invariant($"{Times * options.Queue}, {options.Queue}, {crowd.Latencies.Count}, {crowd.Refused}")),
            new(
                "median of accepted jobs, over that of as long a queue alone", FormattableString.Invariant($"{median:0.00} s / {alone:0.00} s = {median / alone:0.00}"),
                median / alone <= MostRatio),
            new("refused, then accepted when Retry-After was over", $"{once} of {crowd.Tries.Count}", crowd.Tries.Count == 0 ? null : once > .9 * crowd.Tries.Count),
        ];
    }

    private static object Request => new { prompt = "a beach", steps = StepsOfJob };

    private static double SecondsOf(JsonElement job) => (job.Time("ended") - job.Time("created")).TotalSeconds;

    /// <summary>What many clients at once met.</summary>
    /// <param name="Latencies">Seconds of each job that was let in, in order.</param>
    /// <param name="Tries">How often those asked that were refused at first.</param>
    /// <param name="Refused">Refusals.</param>
    private sealed record Crowd(IReadOnlyList<double> Latencies, IReadOnlyList<int> Tries, int Refused);
}
