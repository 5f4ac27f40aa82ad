using System.Diagnostics;

namespace Dramatis.Tests;

/// <summary>Runs one explicit test in a process that has no other.</summary>
internal static class OwnProcess
{
    /// <summary>Fails with the process's output when the test did.</summary>
    /// <returns>What it wrote to its standard error.</returns>
    public static async Task<string> RunAsync(string method, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["--filter-method", $"*.{method}", "--explicit", "only"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var stop = TestContext.Current.CancellationToken;
        var output = process.StandardOutput.ReadToEndAsync(stop);
        var errors = await process.StandardError.ReadToEndAsync(stop);
        await process.WaitForExitAsync(stop);

        Assert.True(process.ExitCode == 0, await output);
        return errors;
    }
}
