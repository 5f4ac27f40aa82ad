using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Dramatis.Server.Host;
using Dramatis.Server.Settings;

namespace Dramatis.Server.Tests;

/// <summary>A service as users start it: a process, its painters, a data folder of its own.</summary>
internal sealed class RunningService : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private readonly Process process;
    private readonly StringBuilder log = new();

    private RunningService(Process process, string data)
    {
        this.process = process;
        Data = data;
        process.ErrorDataReceived += (_, line) =>
        {
            lock (log)
            {
                log.AppendLine(line.Data);
            }
        };
        process.BeginErrorReadLine();
    }

    public string Data { get; }

    public HttpClient Http { get; private set; } = null!;

    public Uri Address => Http.BaseAddress!;

    public string Log
    {
        get
        {
            lock (log)
            {
                return log.ToString();
            }
        }
    }

    /// <param name="data">A data folder to go on with; null for a new one.</param>
    /// <param name="settings">Names as in dramatis.json, or of ASP.NET's own settings, which have two underlines.</param>
    public static async Task<RunningService> StartAsync(string? data = null, params (string Name, string Value)[] settings)
    {
        data ??= Directory.CreateTempSubdirectory("dramatis-test-").FullName;
        var service = new RunningService(Begin([("data", data), ("urls", "http://127.0.0.1:0"), .. settings]), data);
        var line = await service.process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)
            ?? throw new InvalidOperationException($"the service does not start: {service.Log}");
        service.Http = new() { BaseAddress = new(line.Split(' ')[^1]), Timeout = Patience };
        return service;
    }

    /// <summary>A painter by itself, for services that share a database.</summary>
    public static RunningService StartPainter(string data, params (string Name, string Value)[] settings) =>
        new(Begin([("data", data), ("role", "painter"), .. settings]), data);

    /// <summary>A service that does not start.</summary>
    /// <returns>Its exit code, and all that it has said.</returns>
    public static async Task<(int Code, string Error)> FailAsync(string data, params (string Name, string Value)[] settings)
    {
        using var process = Begin([("data", data), .. settings]);
        var said = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(Patience);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await said + error);
    }

    private static Process Begin(IEnumerable<(string Name, string Value)> settings)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [typeof(ServiceSettings).Assembly.Location])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in settings)
        {
            start.Environment[name.Contains("__", StringComparison.Ordinal) ? name : SettingsReader.VariableOf(name)] = value;
        }

        // Beside other tests: who waits for another thread shall not take its processor.
        start.Environment["OMP_WAIT_POLICY"] = "PASSIVE";
        return Process.Start(start)!;
    }

    /// <summary>Waits until a painter answers.</summary>
    public async Task<RunningService> ReadyAsync()
    {
        await WaitAsync(
            async () =>
            {
                using var answer = await Http.GetAsync(new Uri("/health/ready", UriKind.Relative));
                return answer.IsSuccessStatusCode;
            },
            () => "no painter answers");
        return this;
    }

    public async Task<JsonElement> GetAsync(string path) => await Http.GetFromJsonAsync<JsonElement>(path, TestContext.Current.CancellationToken);

    /// <summary>A job for a request.</summary>
    public async Task<JsonElement> PaintAsync(object request, string query = "?wait=120")
    {
        var (status, body) = await PostAsync($"/v1/pictures{query}", request);
        return status < 300 ? body : throw new InvalidOperationException($"{status}: {body}");
    }

    public Task<(int Status, JsonElement Body)> PostAsync(string path, object? body = null) => SendAsync(HttpMethod.Post, path, body);

    public Task<(int Status, JsonElement Body)> SendAsync(HttpMethod method, string path, object? body = null) =>
        SendUntilAsync(method, path, body, TestContext.Current.CancellationToken);

    public async Task<(int Status, JsonElement Body)> SendUntilAsync(HttpMethod method, string path, object? body, CancellationToken stop)
    {
        using var message = new HttpRequestMessage(method, path) { Content = body as HttpContent ?? (body is null ? null : JsonContent.Create(body)) };
        using var answer = await Http.SendAsync(message, stop);
        var text = await answer.Content.ReadAsStringAsync(stop);
        return ((int)answer.StatusCode, text.Length > 0 ? JsonSerializer.Deserialize<JsonElement>(text) : default);
    }

    /// <summary>A job as soon as something is true of it.</summary>
    public async Task<JsonElement> UntilAsync(JsonElement job, Func<JsonElement, bool> holds)
    {
        await WaitAsync(async () => holds(job = await GetAsync($"/v1/jobs/{job.Text("id")}")), () => $"still {job}");
        return job;
    }

    /// <summary>The job of a prompt, once it takes steps.</summary>
    public async Task<JsonElement> RunningAsync(string prompt)
    {
        JsonElement job = default;
        await WaitAsync(
            async () =>
            {
                job = (await GetAsync("/v1/jobs?state=running")).List("items").FirstOrDefault(seen => seen.GetProperty("request").Text("prompt") == prompt);
                return job.ValueKind == JsonValueKind.Object && job.TryGetProperty("progress", out var progress) && progress.Number("step") > 0;
            },
            () => $"nobody paints {prompt}");
        return job;
    }

    /// <summary>Waits until no job does.</summary>
    public Task UntilIdleAsync() => WaitAsync(async () => (await GetAsync("/v1/queue")).Number("waiting") == 0, () => "jobs wait");

    public Task<JsonElement> UntilAsync(JsonElement job, string state) => UntilAsync(job, seen => seen.Text("state") == state);

    /// <summary>The painters' processes.</summary>
    public IReadOnlyList<int> Painters() =>
    [
        .. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _)).Select(int.Parse!)
            .Where(id => ParentOf(id) == process.Id),
    ];

    public void Kill() => process.Kill();

    public static void Kill(int id)
    {
        using var other = Process.GetProcessById(id);
        other.Kill();
    }

    /// <summary>A process that lives and does nothing any more.</summary>
    public static void Freeze(int id)
    {
        using var kill = Process.Start("kill", ["-STOP", $"{id}"]);
        kill.WaitForExit();
    }

    /// <summary>Asks it to end, as the system does.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Http?.Dispose();
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }

        await process.WaitForExitAsync();
        process.Dispose();
        for (var attempt = 0; attempt < 50 && Directory.Exists(Data); attempt++)
        {
            try
            {
                Directory.Delete(Data, recursive: true);
            }
            catch (IOException)
            {
                await Task.Delay(20);    // a painter is just ending
            }
        }
    }

    private async Task WaitAsync(Func<Task<bool>> holds, Func<string> otherwise)
    {
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < Patience; await Task.Delay(20))
        {
            if (await holds())
            {
                return;
            }
        }

        throw new TimeoutException($"{otherwise()}: {Log}");
    }

    private static int ParentOf(int id)
    {
        try
        {
            return int.Parse(File.ReadAllText($"/proc/{id}/stat").Split(") ")[^1].Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;    // it has ended
        }
    }
}

/// <summary>Short words for JSON.</summary>
internal static class JsonWords
{
    public static string Text(this JsonElement json, string name) => json.GetProperty(name).GetString()!;

    public static int Number(this JsonElement json, string name) => json.GetProperty(name).GetInt32();

    public static IReadOnlyList<JsonElement> List(this JsonElement json, string name) => [.. json.GetProperty(name).EnumerateArray()];
}

/// <summary>What requests of tests ask for.</summary>
internal static class Sizes
{
    public static readonly int[] Small = [64, 64];
}

/// <summary>Pictures of subjects that come with the program.</summary>
internal static class Samples
{
    public static string Folder { get; } = Path.GetFullPath(Path.Combine(ShippedModels.Embedded, "..", "..", "samples", "subjects"));

    public static string PathOf(string subject) => Path.Combine(Folder, $"{subject}.png");
}
