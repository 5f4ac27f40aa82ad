using System.Diagnostics;
using System.Net.Mime;
using System.Text;

namespace Dramatis.Tests.Packages;

/// <summary>The sample of a service, built from the packages and running.</summary>
internal sealed class Service : IAsyncDisposable
{
    private const string Address = "Now listening on: ";

    private readonly Process process;
    private readonly HttpClient client;

    private Service(Process process, string address)
    {
        this.process = process;
        client = new() { BaseAddress = new(address), Timeout = TimeSpan.FromMinutes(5) };
    }

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    public static async Task<Service> StartAsync(PackedPrograms packed)
    {
        var process = packed.Start(packed.Build("Service", "Microsoft.NET.Sdk.Web"), packed.Folder, "--urls", "http://127.0.0.1:0");
        var said = new StringBuilder();
        while (await process.StandardOutput.ReadLineAsync(Test) is { } line)
        {
            said.AppendLine(line);
            if (line.IndexOf(Address, StringComparison.Ordinal) is >= 0 and var at)
            {
                _ = process.StandardOutput.ReadToEndAsync(Test);    // or it waits for a reader
                return new(process, line[(at + Address.Length)..]);
            }
        }

        throw new InvalidOperationException($"The service ended: {said}{await process.StandardError.ReadToEndAsync(Test)}");
    }

    public Task<HttpResponseMessage> PostAsync(string path, string json, CancellationToken cancellationToken) =>
        client.PostAsync(path, new StringContent(json, Encoding.UTF8, MediaTypeNames.Application.Json), cancellationToken);

    public async Task<byte[]> PaintAsync(string json)
    {
        using var answer = await PostAsync("/pictures", json, Test);
        return await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync(Test);
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        process.Kill();
        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
    }
}
