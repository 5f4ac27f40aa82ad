using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;

namespace Dramatis.Benches.Service;

/// <summary>
/// Kills processes of a service under load, one after another: two that answer, three that paint, and their database. What was accepted must end, nothing
/// twice, with the pictures of a service that nobody disturbs.
/// </summary>
internal sealed class FaultBench(ServiceBenchOptions options)
{
    private const int Apis = 2;
    private const int Painters = 3;
    private const int InFlight = 8;
    private const int Kinds = 12;    // of requests, so that few pictures are painted to compare with

    private static readonly TimeSpan MostTakeUp = TimeSpan.FromSeconds(10);
    private static readonly int[] Size = [64, 64];

    private readonly Random random = new(options.Seed);
    private readonly ConcurrentDictionary<string, int> accepted = [];
    private readonly List<double> takeUps = [];
    private readonly List<string> victims = [];
    private readonly ServiceProcess?[] apis = new ServiceProcess?[Apis];
    private readonly ServiceProcess[] painters = new ServiceProcess[Painters];
    private PostgresServer server = null!;
    private (string, string?)[] settings = [];
    private string data = "";
    private int sent;

    /// <exception cref="InvalidOperationException">There is no PostgreSQL.</exception>
    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        if (PostgresServer.Programs is null)
        {
            return [new("kills", "PostgreSQL is not there")];
        }

        var folder = Directory.CreateTempSubdirectory("dramatis-bench-");
        data = folder.FullName;
        await using var postgres = server = await PostgresServer.StartAsync(cancellationToken);
        try
        {
            settings = [("database", await server.CreateDatabaseAsync(cancellationToken)), ("max_attempts", "100"), ("rehearse", options.Rehearse ? "true" : null)];
            await BeginAsync(cancellationToken);
            using var loading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var load = Task.WhenAll(Enumerable.Range(0, InFlight).Select(i => LoadAsync(i, loading.Token)));
            for (var round = 0; round < options.Rounds; round++)
            {
                await Task.Delay(random.Next(500, 2000), cancellationToken);
                await KillOneAsync(cancellationToken);
                options.Tell($"round {round + 1}: {victims[^1]}; {accepted.Count} jobs accepted");
            }

            await loading.CancelAsync();
            await load;
            return await JudgeAsync(cancellationToken);
        }
        finally
        {
            foreach (var process in apis.Concat(painters).OfType<ServiceProcess>())
            {
                await process.DisposeAsync();
            }

            folder.Delete(recursive: true);
        }
    }

    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        for (var i = 0; i < Apis; i++)
        {
            apis[i] = await StartApiAsync(cancellationToken);
        }

        for (var i = 0; i < Painters; i++)
        {
            painters[i] = ServiceProcess.StartPainter(options, data, settings);
        }

        await apis[0]!.ReadyAsync(Painters, cancellationToken);
    }

    private Task<ServiceProcess> StartApiAsync(CancellationToken cancellationToken) =>
        ServiceProcess.StartAsync(options, data, cancellationToken, [("role", "api"), .. settings]);

    private object Request(int number) => new
    {
        prompt = $"a beach with {number % Kinds} umbrellas",
        seed = number % Kinds,
        steps = options.Rehearse ? 40 : 6,
        size = Size,
    };

    // A client that is not answered asks again under the same name, whoever is there.
    private async Task LoadAsync(int client, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var number = Interlocked.Increment(ref sent);
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    var api = apis[(client + number) % Apis] ?? apis[(client + number + 1) % Apis]!;
                    var (status, job, _) = await api.PostAsync("/v1/pictures", Request(number), CancellationToken.None, $"job {number}");
                    if (status is HttpStatusCode.Accepted or HttpStatusCode.OK)
                    {
                        accepted[job.Id()] = number;
                        await AskUntilAsync(job.Id(), JobWords.HasEnded, TimeSpan.FromMinutes(2), stop);
                        break;
                    }
                }
                catch (Exception e) when (e is HttpRequestException or JsonException or TaskCanceledException or ObjectDisposedException or NullReferenceException)
                {
                    // it has just been killed
                }

                await Task.Delay(200, CancellationToken.None);
            }
        }
    }

    private async Task KillOneAsync(CancellationToken cancellationToken)
    {
        switch (random.Next(Apis + Painters + 1))
        {
            case var painter when painter < Painters:
                victims.Add("painter");
                await KillPainterAsync(painter, cancellationToken);
                break;
            case var api when api < Painters + Apis:
                victims.Add("api");
                var killed = apis[api - Painters]!;
                apis[api - Painters] = null;
                killed.Kill();
                await killed.DisposeAsync();
                apis[api - Painters] = await StartApiAsync(cancellationToken);
                break;
            default:
                victims.Add("database");
                server.Kill();
                await server.StartAgainAsync(cancellationToken);
                break;
        }
    }

    // Jobs that ran and are begun once more were its own.
    private async Task KillPainterAsync(int painter, CancellationToken cancellationToken)
    {
        var running = (await GetAsync("/v1/jobs?state=running", cancellationToken)).GetProperty("items").EnumerateArray().ToDictionary(JobWords.Id, JobWords.Attempts);
        painters[painter].Kill();
        var watch = Stopwatch.StartNew();
        await painters[painter].DisposeAsync();
        painters[painter] = ServiceProcess.StartPainter(options, data, settings);
        foreach (var (job, attempts) in running)
        {
            var seen = await AskUntilAsync(job, now => now.HasEnded() || (now.State() == "running" && now.Attempts() > attempts), TimeSpan.FromSeconds(60), cancellationToken);
            if (seen?.Attempts() > attempts)
            {
                takeUps.Add(watch.Elapsed.TotalSeconds);
            }
        }
    }

    private async Task<JsonElement> GetAsync(string path, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await apis.OfType<ServiceProcess>().ElementAt(attempt % apis.OfType<ServiceProcess>().Count()).GetAsync(path, cancellationToken);
            }
            catch (Exception e) when (e is HttpRequestException or JsonException or ObjectDisposedException or ArgumentOutOfRangeException && attempt < 300)
            {
                await Task.Delay(100, cancellationToken);
            }
        }
    }

    private async Task<JsonElement?> AskUntilAsync(string job, Func<JsonElement, bool> holds, TimeSpan patience, CancellationToken stop)
    {
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < patience && !stop.IsCancellationRequested; await Task.Delay(50, CancellationToken.None))
        {
            if (await GetAsync($"/v1/jobs/{job}", CancellationToken.None) is var seen && holds(seen))
            {
                return seen;
            }
        }

        return null;
    }

    private async Task<IReadOnlyList<Finding>> JudgeAsync(CancellationToken cancellationToken)
    {
        var undisturbed = await PaintUndisturbedAsync(cancellationToken);
        var (done, doubled, differing) = (0, 0, 0);
        foreach (var (job, number) in accepted)
        {
            var ended = await AskUntilAsync(job, JobWords.HasEnded, TimeSpan.FromMinutes(2), cancellationToken);
            done += ended?.State() == "done" ? 1 : 0;
            var events = await apis[0]!.Http.GetStringAsync($"/v1/jobs/{job}/events", cancellationToken);
            doubled += events.Split("event: done\n").Length == 2 && ended?.GetProperty("pictures").GetArrayLength() == 1 ? 0 : 1;
            differing += ended is { } one && await HashOfAsync(apis[0]!, one, cancellationToken) == undisturbed[number % Kinds] ? 0 : 1;
        }

        return
        [
            new("kills", string.Join(", ", victims.GroupBy(victim => victim).Select(group => $"{group.Count()} {group.Key}"))),
            new("jobs accepted, ended well", $"{accepted.Count}, {done}", done == accepted.Count),
            new("ended twice, or with another number of pictures", $"{doubled}", doubled == 0),
            new("pictures that differ from an undisturbed run's", $"{differing}", differing == 0),
            new(
                "a dead painter's job is taken up after (median, most)", takeUps.Count == 0 ? "no painter died at work"
                : FormattableString.Invariant($"{takeUps.Order().ElementAt(takeUps.Count / 2):0.0} s, {takeUps.Max():0.0} s"),
                takeUps.Count == 0 ? null : takeUps.Max() < MostTakeUp.TotalSeconds),
        ];
    }

    private async Task<IReadOnlyList<string>> PaintUndisturbedAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("dramatis-bench-");
        try
        {
            await using var alone = await ServiceProcess.StartAsync(options, folder.FullName, cancellationToken, [("rehearse", options.Rehearse ? "true" : null)]);
            var hashes = new List<string>();
            for (var i = 0; i < Kinds; i++)
            {
                var (_, job, _) = await alone.PostAsync("/v1/pictures?wait=100", Request(i), cancellationToken);
                hashes.Add(await HashOfAsync(alone, job, cancellationToken));
            }

            return hashes;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<string> HashOfAsync(ServiceProcess service, JsonElement job, CancellationToken cancellationToken) => job.State() != "done" ? "" :
        Convert.ToHexStringLower(SHA256.HashData(await service.Http.GetByteArrayAsync(job.GetProperty("pictures")[0].GetProperty("url").GetString(), cancellationToken)));
}
