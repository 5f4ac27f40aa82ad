using System.Diagnostics;
using Dramatis.Cli.Host;
using Dramatis.TestKit;

namespace Dramatis.Cli.Tests;

/// <summary>Every command in README, help and docs: run with what comes with the program, unless it says what else it needs.</summary>
[Collection(CommandRun.Collection)]
public sealed class ExamplesTests : IDisposable
{
    private const int Minutes = 10;    // until a run counts as hung

    private static readonly string Root = Path.GetDirectoryName(ShippedFolder.Find("docs"))!;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dramatis-test-");

    // A working folder as the root of a clone, into which nothing is written that was there.
    public ExamplesTests()
    {
        foreach (var name in (string[])["samples", "models", "bench", "tests"])
        {
            Directory.CreateSymbolicLink(Path.Combine(folder.FullName, name), Path.Combine(Root, name));
        }
    }

    public void Dispose() => folder.Delete(recursive: true);

    public static TheoryData<string> Pages() =>
    [
        "README.md", .. Directory.GetFiles(Path.Combine(Root, "docs"), "*.md").Concat(Directory.GetFiles(Path.Combine(Root, "docs", "methods"), "*.md"))
            .Select(path => Path.GetRelativePath(Root, path)).Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_example_of_a_page_is_no_mistake(string page) => Assert.All(
        Examples.In(File.ReadAllText(Path.Combine(Root, page))),
        example => Assert.Empty(CommandLine.Create().Parse(Examples.Arguments(example)).Errors));

    [Slow]
    [Theory]
    [MemberData(nameof(Pages))]
    public Task Every_example_of_a_page_runs(string page) => RunAll(Examples.In(File.ReadAllText(Path.Combine(Root, page))));

    [Fact]
    public Task Those_of_the_readme_run() => RunAll(Examples.In(File.ReadAllText(Path.Combine(Root, "README.md"))));

    [Slow]
    [Theory]
    [MemberData(nameof(HelpTests.Commands), MemberType = typeof(HelpTests))]
    public async Task Every_example_of_a_help_runs(string path) => await RunAll(Examples.In((await CommandRun.Of([.. path.Split(' ')[1..], "--help"])).Output));

    // In their order: what one makes another may use.
    private async Task RunAll(IReadOnlyList<string> examples)
    {
        foreach (var example in examples.Where(example => !Examples.NeedsMore(example)))
        {
            var (code, error) = await Run(Examples.Quickened(example));
            Assert.True(code == 0, $"{example}\n{error}");
        }
    }

    private async Task<(int Code, string Error)> Run(IReadOnlyList<string> args)
    {
        var host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var start = new ProcessStartInfo(host, [typeof(CommandLine).Assembly.Location, .. args])
        {
            WorkingDirectory = folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DRAMATIS_DATA"] = Path.Combine(folder.FullName, "data");
        using var process = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(Minutes));
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = await process.StandardError.ReadToEndAsync(limit.Token);
            await output;
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
