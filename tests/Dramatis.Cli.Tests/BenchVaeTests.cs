using System.Text.Json;

namespace Dramatis.Cli.Tests;

/// <summary><c>dramatis bench vae</c> on the embedded model's autoencoder.</summary>
[Collection(CommandRun.Collection)]
public sealed class BenchVaeTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dramatis-test-");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("plain", 24)]
    [InlineData("lit", 18)]
    public async Task It_counts_what_is_lost_and_shows_it(string style, double least)
    {
        var sheet = Path.Combine(folder.FullName, "rebuilt.png");

        var (code, output, error) = await CommandRun.Of("bench", "vae", "--scenes", "2", "--style", style, "--side", "128", "-o", sheet, "--json");

        Assert.True(code == 0, error);
        var figures = JsonDocument.Parse(output).RootElement;
        Assert.InRange(figures.GetProperty("decibels").GetDouble(), least, 40);
        Assert.True(figures.GetProperty("inside_decibels").GetDouble() < figures.GetProperty("decibels").GetDouble());
        Assert.InRange(figures.GetProperty("edges_kept").GetDouble(), .3, 1.2);
        Assert.True(File.Exists(sheet));
    }

    [Theory]
    [InlineData("bench", "vae", "--side", "100")]
    [InlineData("train", "vae", "--data", "nowhere", "-o", "nowhere", "--side", "200")]
    [InlineData("toybox", "data", "-o", "nowhere", "--side", "1000")]
    public async Task A_size_that_makes_no_sense_is_named(params string[] args)
    {
        var (code, _, error) = await CommandRun.Of(args);

        Assert.NotEqual(0, code);
        Assert.Contains("--side takes", error, StringComparison.Ordinal);
    }
}
