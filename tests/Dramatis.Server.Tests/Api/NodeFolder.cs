using System.Diagnostics;

namespace Dramatis.Server.Tests.Api;

/// <summary>A folder with a package from npm, and a script that uses it; needs node and the network.</summary>
internal sealed class NodeFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dramatis-test-");

    /// <summary>Fetches the packages; where that cannot be done the test is skipped.</summary>
    /// <param name="package">The text of package.json.</param>
    public async Task InstallAsync(string package)
    {
        Assert.SkipUnless((await RunAsync("node", "--version")).Code == 0, "node is not there");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "package.json"), package, TestContext.Current.CancellationToken);
        Assert.SkipUnless((await RunAsync("npm", "install", "--no-audit", "--no-fund", "--loglevel=error")).Code == 0, "the package cannot be fetched");
    }

    /// <returns>What it prints; its errors too if it fails.</returns>
    public async Task<string> RunAsync(string script, Uri service)
    {
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "client.mjs"), script, TestContext.Current.CancellationToken);
        return (await RunAsync("node", "client.mjs", service.ToString(), Samples.Folder)).Output;
    }

    public void Dispose() => folder.Delete(recursive: true);

    private async Task<(int Code, string Output)> RunAsync(string program, params string[] args)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, args)
            {
                WorkingDirectory = folder.FullName,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return (process.ExitCode, process.ExitCode == 0 ? output : output + await error);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return (-1, "");
        }
    }
}
