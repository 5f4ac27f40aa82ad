using Dramatis.Cli.Host;

namespace Dramatis.Cli.Tests;

/// <summary><c>dramatis train easyref</c>: what it refuses. What it trains is tested below the command line.</summary>
[Collection(CommandRun.Collection)]
public sealed class TrainEasyRefTests
{
    [Theory]
    [InlineData("--stage: 4 is none; there are 1, 2 and 3", "--stage", "4")]
    [InlineData("--from: is needed: stage 2 goes on from what stage 1 has left", "--stage", "2")]
    [InlineData("--recompute: is for stage 1", "--stage", "2", "--recompute")]
    [InlineData("--truncate: 1.5 is not between 0 and 1", "--stage", "1", "--truncate", "1.5")]
    [InlineData("--drop-text: 0.95 is not between 0 and 0.9", "--stage", "1", "--drop-text", "0.95")]
    [InlineData("--reference-size: 28 pixels are less than 56", "--stage", "1", "--reference-size", "28")]
    [InlineData("--max-references: 0 is less than 1", "--stage", "1", "--max-references", "0")]
    [InlineData("--rank: 0 is less than 1", "--stage", "1", "--rank", "0")]
    [InlineData("--cache: is of no use", "--stage", "1", "--cache", "kept")]
    [InlineData("groups.json: there is no such file", "--stage", "1")]
    public async Task What_makes_no_sense_is_refused(string problem, params string[] args)
    {
        var (code, _, error) = await CommandRun.Of(
            ["train", "easyref", "--data", Path.Combine("nowhere", "groups.json"), "--model", ShippedFolder.Find("models", "toybox"), "-o", "nowhere", "--dry-run", .. args]);

        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains(problem, error, StringComparison.Ordinal);
    }
}
