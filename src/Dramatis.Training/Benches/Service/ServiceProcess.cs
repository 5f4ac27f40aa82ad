using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Dramatis.Benches.Service;

/// <summary>A process of the service, and how it is asked.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process process;

    private ServiceProcess(Process process) => this.process = process;

    public HttpClient Http { get; private set; } = new();

    public int Id => process.Id;

    /// <summary>The processes that it has started: its painters.</summary>
    public IReadOnlyList<int> Children =>
    [
        .. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Select(name => int.TryParse(name, out var id) ? id : 0)
            .Where(id => id > 0 && ParentOf(id) == process.Id),
    ];

    /// <param name="settings">By the names that they have in dramatis.json.</param>
    public static async Task<ServiceProcess> StartAsync(
        ServiceBenchOptions options, string data, CancellationToken cancellationToken, params IEnumerable<(string Name, string? Value)> settings)
    {
        var service = Start(options, [("data", data), ("urls", "http://127.0.0.1:0"), .. settings]);
        var line = await service.process.StandardOutput.ReadLineAsync(cancellationToken) ?? throw new InvalidOperationException("the service does not start.");
        service.Http = new() { BaseAddress = new(line.Split(' ')[^1]), Timeout = Patience };
        return service;
    }

    /// <summary>A painter by itself, where a database is shared.</summary>
    public static ServiceProcess StartPainter(ServiceBenchOptions options, string data, params IEnumerable<(string Name, string? Value)> settings) =>
        Start(options, [("data", data), ("role", "painter"), .. settings]);

    /// <summary>Waits until so many painters answer.</summary>
    public async Task ReadyAsync(int painters, CancellationToken cancellationToken)
    {
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < Patience; await Task.Delay(50, cancellationToken))
        {
            if ((await GetAsync("/v1/queue", cancellationToken)).GetProperty("painters").GetInt32() >= painters)
            {
                return;
            }
        }

        throw new TimeoutException("no painter answers.");
    }

    public Task<JsonElement> GetAsync(string path, CancellationToken cancellationToken) => Http.GetFromJsonAsync<JsonElement>(path, cancellationToken);

    /// <returns>The status, the body, and when to ask again.</returns>
    public async Task<(HttpStatusCode Status, JsonElement Body, TimeSpan? RetryAfter)> PostAsync(
        string path, object? body, CancellationToken cancellationToken, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = body is null ? null : JsonContent.Create(body) };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        using var answer = await Http.SendAsync(request, cancellationToken);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken), answer.Headers.RetryAfter?.Delta);
    }

    /// <summary>A job as soon as something is true of it.</summary>
    public async Task<JsonElement> UntilAsync(string job, Func<JsonElement, bool> holds, CancellationToken cancellationToken)
    {
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < 2 * Patience; await Task.Delay(LookEvery, cancellationToken))
        {
            if (await GetAsync($"/v1/jobs/{job}", cancellationToken) is var seen && holds(seen))
            {
                return seen;
            }
        }

        throw new TimeoutException($"job {job} does not come on.");
    }

    /// <summary>Ends it as the system does that has no memory left.</summary>
    public void Kill()
    {
        process.Kill();
        process.WaitForExit();
    }

    /// <summary>Memory of a process in bytes, as it is now.</summary>
    public static long MemoryOf(int process) => 1024 * long.Parse(
        File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture);

    /// <summary>Open files and sockets of a process.</summary>
    public static int HandlesOf(int process) => Directory.EnumerateFileSystemEntries($"/proc/{process}/fd").Count();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }

        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static ServiceProcess Start(ServiceBenchOptions options, IEnumerable<(string Name, string? Value)> settings)
    {
        var start = new ProcessStartInfo(options.Program[0], options.Program.Skip(1)) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in settings.Where(setting => setting.Value is not null))
        {
            start.Environment[$"DRAMATIS_{name.ToUpperInvariant()}"] = value;
        }

        var service = new ServiceProcess(Process.Start(start)!);
        service.process.ErrorDataReceived += (_, _) => { };    // read, so that it never waits for a reader
        service.process.BeginErrorReadLine();
        return service;
    }

    private static int ParentOf(int id)
    {
        try
        {
            return int.Parse(File.ReadAllText($"/proc/{id}/stat").Split(") ")[^1].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;    // it has ended
        }
    }
}

/// <summary>Short words for JSON of jobs.</summary>
internal static class JobWords
{
    public static string Id(this JsonElement job) => job.GetProperty("id").GetString()!;

    public static string State(this JsonElement job) => job.GetProperty("state").GetString()!;

    public static int Attempts(this JsonElement job) => job.GetProperty("attempts").GetInt32();

    public static int Step(this JsonElement job) => job.TryGetProperty("progress", out var progress) ? progress.GetProperty("step").GetInt32() : 0;

    public static bool HasEnded(this JsonElement job) => job.State() is "done" or "failed" or "cancelled";

    public static DateTimeOffset Time(this JsonElement job, string field) => job.GetProperty(field).GetDateTimeOffset();
}
