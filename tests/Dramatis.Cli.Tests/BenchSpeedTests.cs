using Dramatis.Cli.Host;

namespace Dramatis.Cli.Tests;

/// <summary>What the bench refuses; its networks are too large for a test.</summary>
[Collection(CommandRun.Collection)]
public sealed class BenchSpeedTests
{
    [Theory]
    [InlineData("sd3", "512x512", "family: \"sd3\"")]
    [InlineData("sd15", "512", "--size: \"512\"")]
    [InlineData("sd15", "516x512", "516x512")]
    [InlineData("sd15", "0x512", "0x512")]
    [InlineData("sd15", "100000x512", "up to 2048 pixels")]
    public async Task What_cannot_be_measured_is_refused_in_one_line(string family, string size, string named)
    {
        var (code, output, error) = await CommandRun.Of("bench", "speed", "--family", family, "--size", size);

        Assert.Equal(ExitCode.Failed, code);
        Assert.Empty(output);
        Assert.Contains(named, error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    [Theory]
    [InlineData("two")]
    [InlineData("1,,2")]
    [InlineData("-1")]
    [InlineData("65")]
    public async Task Numbers_of_subjects_are_read_before_anything_is_built(string subjects)
    {
        var (code, output, error) = await CommandRun.Of("bench", "speed", "--subjects", subjects);

        Assert.Equal(ExitCode.Failed, code);
        Assert.Empty(output);
        Assert.StartsWith("--subjects: ", error.Replace("error: ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    [Theory]
    [InlineData]
    [InlineData("--subjects", "2")]
    public async Task A_run_that_is_stopped_says_so(params string[] options)
    {
        var (code, output, error) = await CommandRun.Of(new CancellationToken(canceled: true), ["bench", "speed", .. options]);

        Assert.Equal((ExitCode.Cancelled, "", "cancelled"), (code, output, error.Trim()));
    }

    [Fact]
    public async Task No_steps_at_all_are_wrong_usage()
    {
        var (code, _, error) = await CommandRun.Of("bench", "speed", "--steps", "0");

        Assert.Equal(ExitCode.WrongUsage, code);
        Assert.Contains("above 0", error, StringComparison.Ordinal);
    }
}
