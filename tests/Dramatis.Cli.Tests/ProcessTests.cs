using System.Diagnostics;
using System.Globalization;
using Dramatis.Cli.Host;

namespace Dramatis.Cli.Tests;

/// <summary>What only a process of its own can show: signals, and a disk that is really full.</summary>
public sealed class ProcessTests : IDisposable
{
    private const int Minutes = 2;    // until a run counts as hung

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dramatis-test-");

    private string Out => Path.Combine(folder.FullName, "out.png");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("INT", "model_ready")]
    [InlineData("INT", "step_done")]
    [InlineData("TERM", "step_done")]
    public async Task A_signal_stops_painting_and_leaves_no_file(string signal, string moment)
    {
        using var paint = StartLongPainting();
        await ReadUntil(paint, moment);

        await Send(signal, paint);
        var (code, error) = await End(paint);

        Assert.Equal(ExitCode.Cancelled, code);
        Assert.Equal("cancelled", error.Trim());
        Assert.Empty(folder.GetFiles());
    }

    // Before the process listens, the system ends it, with the same exit code.
    [Fact]
    public async Task So_does_one_that_comes_at_once()
    {
        using var paint = StartLongPainting();

        await Send("INT", paint);
        var (code, _) = await End(paint);

        Assert.Equal(ExitCode.Cancelled, code);
        Assert.Empty(folder.GetFiles());
    }

    // A file system of its own, with less room than the picture takes, that vanishes with the process.
    [Fact]
    public async Task A_full_disk_is_named_and_leaves_the_older_picture()
    {
        await SkipUnlessMounting();

        using var paint = Start([
            "unshare", "-rm", "sh", "-c",
                "mount -t tmpfs -o size=8k tmpfs \"$0\" && cd \"$0\" && echo old > out.png && \"$@\"; code=$?; ls; cat out.png; exit $code",
            folder.FullName, .. Dramatis("paint", "a dog on a beach", "--steps", "1", "-o", "out.png", "--overwrite", "--json")]);
        var left = await paint.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var (code, error) = await End(paint);

        Assert.Equal(ExitCode.Failed, code);
        Assert.Equal("error: cannot write out.png: the disk is full; make room or choose another folder.", error.Trim());
        Assert.EndsWith("}\nout.png\nold\n", left, StringComparison.Ordinal);
    }

    // The superuser may write anywhere, but not on a file system that nobody may write on.
    [Fact]
    public async Task A_read_only_folder_is_named_before_work_begins()
    {
        await SkipUnlessMounting();

        using var paint = Start([
            "unshare", "-rm", "sh", "-c", "mount -t tmpfs -o ro tmpfs \"$0\" && cd \"$0\" && exec \"$@\"",
            folder.FullName, .. Dramatis("paint", "a dog on a beach", "-o", "out.png", "--json")]);
        var events = await paint.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var (code, error) = await End(paint);

        Assert.Equal((ExitCode.Failed, ""), (code, events));
        Assert.StartsWith("error: cannot write out.png: ", error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    // A shell starts background jobs deaf to SIGINT, and the tests may be in one: until env has become the program, it is lost.
    private Process StartLongPainting()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs GNU env");
        var painting = Start(["env", "--default-signal=INT", .. Dramatis("paint", "a dog on a beach", "--steps", "1000", "-o", Out, "--json")]);
        var program = Path.GetFileName(Dramatis()[0]);
        SpinWait.SpinUntil(() => painting.HasExited || File.ReadAllText($"/proc/{painting.Id}/comm").TrimEnd() == program);
        return painting;
    }

    private async Task SkipUnlessMounting()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs Linux's name spaces");
        using var allowed = Start(["unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", folder.FullName]);
        Assert.SkipUnless((await End(allowed)).Code == 0, "this machine lets nobody mount");
    }

    private static async Task Send(string signal, Process process)
    {
        using var kill = Start(["kill", $"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await End(kill);
    }

    private static string[] Dramatis(params string[] args) =>
        [Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", typeof(CommandLine).Assembly.Location, .. args];

    private static Process Start(string[] command) => Process.Start(new ProcessStartInfo(command[0], command[1..])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    private static async Task ReadUntil(Process process, string kind)
    {
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.Contains($"\"{kind}\"", StringComparison.Ordinal))
            {
                return;
            }
        }

        Assert.Fail($"the run ended before \"{kind}\": {await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)}");
    }

    private static async Task<(int Code, string Error)> End(Process process)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(Minutes));
        try
        {
            var rest = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = await process.StandardError.ReadToEndAsync(limit.Token);
            await rest;
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
