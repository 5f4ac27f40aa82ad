using Dramatis.Pictures;

namespace Dramatis.Cli.Tests;

/// <summary><c>dramatis bench mrbench</c>: a whole round, and what it refuses. What it scores is tested below the command line.</summary>
[Collection(CommandRun.Collection)]
public sealed class BenchMrBenchTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Groups_in_folders_become_a_bench()
    {
        foreach (var name in new[] { "people/ann/1.png", "people/ann/2.png", "styles/ink/1.png", "styles/ink/2.png" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, name))!);
            PictureWriter.WritePng(Path.Combine(folder, name), new Picture(8, 8));
        }

        var (code, output, _) = await CommandRun.Of(["bench", "mrbench", "--data", folder, "--build"]);

        Assert.Equal(0, code);
        Assert.Contains("2 groups, 1 of them held out", output, StringComparison.Ordinal);
        Assert.Equal(2, File.ReadAllLines(Path.Combine(folder, "mrbench.jsonl")).Length);
    }

    [Theory]
    [InlineData("--output is needed, unless --build is given", "--model", "models/toybox")]
    [InlineData("mrbench.jsonl: there is no such file", "--model", "models/toybox", "-o", "nowhere")]
    [InlineData("--samples takes a number above 0", "--samples", "0")]
    [InlineData("--references takes numbers above 0", "--references", "1", "0")]
    [InlineData("--held-out takes a number from 0 to 1", "--held-out", "2")]
    [InlineData("'both' is unknown; there is ", "--compare-with", "both")]
    public async Task What_cannot_be_measured_is_refused(string problem, params string[] args)
    {
        var (code, _, error) = await CommandRun.Of(["bench", "mrbench", "--data", folder, .. args]);

        Assert.NotEqual(0, code);
        Assert.Contains(problem, error.Replace(": is needed", " is needed", StringComparison.Ordinal), StringComparison.Ordinal);
    }
}
