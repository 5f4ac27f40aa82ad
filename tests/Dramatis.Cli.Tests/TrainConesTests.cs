using Dramatis.Cli.Host;
using Dramatis.TestKit;

namespace Dramatis.Cli.Tests;

/// <summary><c>dramatis train cones</c> on the embedded model.</summary>
[Collection(CommandRun.Collection)]
public sealed class TrainConesTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dramatis-test-");

    public TrainConesTests() => ShippedSamples.CopyTo(References, "dog", pictures: 3);

    private string References => Path.Combine(folder.FullName, "references");

    private string Output => Path.Combine(folder.FullName, "run");

    public void Dispose() => folder.Delete(recursive: true);

    [Slow]
    [Fact]
    public async Task Neurons_are_learned_beside_pictures_that_the_model_has_painted_and_are_painted_with()
    {
        var picture = Path.Combine(folder.FullName, "out.png");

        var (code, _, error) = await Train("--steps", "2", "--size", "64", "--prior", "1");
        var file = Path.Combine(Output, "model", "cones.safetensors");
        var (painted, _, problem) = await CommandRun.Of("paint", "a {sks dog} on a beach", "-s", $"sks dog=learned:{file}", "--steps", "2", "-o", picture);

        Assert.True(code == 0, error);
        Assert.True(painted == 0, problem);
        Assert.True(File.Exists(picture));
        Assert.Single(Directory.GetFiles(Path.Combine(Output, "prior"), "*.png", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_dry_run_says_how_long_and_writes_nothing()
    {
        var (code, output, _) = await Train("--steps", "100", "--size", "64", "--dry-run");

        Assert.Equal(0, code);
        Assert.Contains("100 steps of ", output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Output));
    }

    [Theory]
    [InlineData("--share", "0", ExitCode.Failed, "share")]
    [InlineData("--prior", "-1", ExitCode.WrongUsage, "--prior takes a number that is not negative")]
    [InlineData("--prior-weight", "NaN", ExitCode.WrongUsage, "--prior-weight takes a number that is not negative")]
    public async Task A_mistake_is_named_before_anything_is_learned(string option, string value, int expected, string words)
    {
        var (code, _, error) = await Train(option, value);

        Assert.Equal(expected, code);
        Assert.Contains(words, error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Output));
    }

    private Task<(int Code, string Output, string Error)> Train(params string[] args) =>
        CommandRun.Of(["train", "cones", "--subject", "dog", "--references", References, "-o", Output, .. args]);
}
