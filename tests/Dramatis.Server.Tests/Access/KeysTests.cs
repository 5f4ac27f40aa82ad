using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Dramatis.Server.Settings;

namespace Dramatis.Server.Tests.Access;

/// <summary><c>dramatis keys</c> as its program does it, and a service that others reach.</summary>
public sealed class KeysTests : IDisposable
{
    private readonly DirectoryInfo data = Directory.CreateTempSubdirectory("dramatis-test-");

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        data.Refresh();
        if (data.Exists)
        {
            data.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_service_that_others_reach_needs_a_key_and_says_how_to_make_one()
    {
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => RunningService.StartAsync(data.FullName, ("urls", "http://0.0.0.0:0"), ("painters", "0")));

        Assert.Contains($"urls: others than this machine would reach http://0.0.0.0:0", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"dramatis keys add NAME --data {data.FullName}", refused.Message, StringComparison.Ordinal);

        var (code, key, _) = await RunAsync(new() { Action = KeyAction.Add, Name = "anna" });
        await using var service = await RunningService.StartAsync(data.FullName, ("urls", "http://0.0.0.0:0"), ("painters", "0"));
        using var http = new HttpClient { BaseAddress = new($"http://127.0.0.1:{service.Address.Port}") };
        using var closed = await http.GetAsync(new Uri("/v1/limits", UriKind.Relative), TestContext.Current.CancellationToken);
        http.DefaultRequestHeaders.Authorization = new("Bearer", key.Trim());
        using var open = await http.GetAsync(new Uri("/v1/limits", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal((0, 401, 200), (code, (int)closed.StatusCode, (int)open.StatusCode));
    }

    [Fact]
    public async Task They_are_listed_without_their_secrets()
    {
        var (_, key, said) = await RunAsync(new() { Action = KeyAction.Add, Name = "anna", Role = KeyRole.Admin, MaxQueue = 3 });
        await RunAsync(new() { Action = KeyAction.Add, Name = "berta", MaxWork = 1.5 });
        await RunAsync(new() { Action = KeyAction.Revoke, Name = "berta" });
        var (_, list, _) = await RunAsync(new() { Action = KeyAction.List });
        var (_, json, _) = await RunAsync(new() { Action = KeyAction.List, IsJson = true });

        Assert.Contains("shown this once", said, StringComparison.Ordinal);
        Assert.Matches(@"^anna +admin  made \d{4}-\d\d-\d\d  max_queue 3\nberta +user   made \S+  max_work 1.5  revoked \S+\n$", list);
        Assert.Equal(["anna", "berta"], json.Trim().Split('\n').Select(line => JsonSerializer.Deserialize<JsonElement>(line).Text("name")));
        Assert.DoesNotContain(key.Trim().Split('_')[^1], list + json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mistake_is_one_line()
    {
        await RunAsync(new() { Action = KeyAction.Add, Name = "anna" });

        var (code, output, error) = await RunAsync(new() { Action = KeyAction.Add, Name = "anna" });

        Assert.Equal((1, ""), (code, output));
        Assert.StartsWith("error: name: \"anna\" has a key", error, StringComparison.Ordinal);
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(KeyOrder order)
    {
        var start = new ProcessStartInfo(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            [typeof(ServiceSettings).Assembly.Location, KeyOrder.Command, JsonSerializer.Serialize(order)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        start.Environment[SettingsReader.VariableOf("data")] = data.FullName;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output, await error);
    }
}
