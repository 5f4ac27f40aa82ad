using System.Collections.Concurrent;
using System.Diagnostics;

namespace Dramatis.Benches.Service;

/// <summary>What a service adds to painting: jobs through queue, database and events, with a painter that does nothing.</summary>
internal sealed class OverheadBench(ServiceBenchOptions options)
{
    private const double MostMilliseconds = 50;

    private static readonly int[] Clients = [1, 10, 100];

    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("dramatis-bench-");
        try
        {
            await using var service = await ServiceProcess.StartAsync(options, folder.FullName, cancellationToken, [("rehearse", "true")]);
            await service.ReadyAsync(1, cancellationToken);
            await RunAsync(service, 1, Math.Min(options.Jobs, 50), cancellationToken);    // code is compiled as it is used
            var findings = new List<Finding>();
            foreach (var clients in Clients)
            {
                var (seconds, latencies) = await RunAsync(service, clients, options.Jobs, cancellationToken);
                var median = 1000 * latencies.Order().ElementAt(latencies.Count / 2);
                options.Tell($"{clients} clients done");
                findings.Add(new(
                    $"{clients} waiting clients: jobs a second, median of one",
                    FormattableString.Invariant($"{options.Jobs / seconds:0}, {median:0.0} ms"),
                    clients == 1 ? median < MostMilliseconds : null));
            }

            return findings;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<(double Seconds, IReadOnlyCollection<double> Latencies)> RunAsync(
        ServiceProcess service, int clients, int jobs, CancellationToken cancellationToken)
    {
        var (latencies, left, watch) = (new ConcurrentBag<double>(), jobs, Stopwatch.StartNew());
        await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(
            async () =>
            {
                while (Interlocked.Decrement(ref left) >= 0)
                {
                    var one = Stopwatch.StartNew();
                    var (_, job, _) = await service.PostAsync("/v1/pictures?wait=60", new { prompt = "a beach", steps = 1 }, cancellationToken);
                    latencies.Add(job.State() == "done" ? one.Elapsed.TotalSeconds : throw new InvalidOperationException($"{job}"));
                }
            },
            cancellationToken)));
        return (watch.Elapsed.TotalSeconds, latencies);
    }
}
