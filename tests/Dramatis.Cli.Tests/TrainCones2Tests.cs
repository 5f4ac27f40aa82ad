using Dramatis.Cli.Host;

namespace Dramatis.Cli.Tests;

/// <summary><c>dramatis train cones2</c> on the embedded model.</summary>
[Collection(CommandRun.Collection)]
public sealed class TrainCones2Tests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dramatis-test-");

    private string References => Path.Combine(folder.FullName, "references");

    private string Output => Path.Combine(folder.FullName, "run");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task What_was_learned_is_painted_with()
    {
        Put(pictures: 3);
        var picture = Path.Combine(folder.FullName, "out.png");

        var (code, _, error) = await Train("--steps", "2", "--rate", "1e-3", "--size", "64");
        var residual = Path.Combine(Output, "model", "residual.pt");
        var (painted, _, problem) = await CommandRun.Of("paint", "a {dog} on a beach", "-s", $"dog=residual:{residual}", "--steps", "2", "-o", picture);

        Assert.True(code == 0, error);
        Assert.True(new FileInfo(residual).Length <= 4_800, "a subject has more than 4.8 KB");
        Assert.True(painted == 0, problem);
        Assert.True(File.Exists(picture));
    }

    [Fact]
    public async Task A_dry_run_says_how_long_and_writes_nothing()
    {
        Put(pictures: 3);

        var (code, output, _) = await Train("--steps", "100", "--size", "64", "--dry-run");

        Assert.Equal(0, code);
        Assert.Contains("100 steps of ", output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Output));
    }

    [Fact]
    public async Task Two_pictures_are_too_few()
    {
        Put(pictures: 2);

        Assert.Contains("has 2 pictures, too few to learn from", (await Train()).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_picture_that_cannot_be_read_is_named()
    {
        Put(pictures: 3);
        await File.WriteAllTextAsync(Path.Combine(References, "9.png"), "no picture", TestContext.Current.CancellationToken);

        Assert.Contains("9.png", (await Train()).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--subject: is empty; give the words", "--subject", " ")]
    [InlineData("9 of them cannot be learned", "--tokens", "9")]
    [InlineData("60 is not a multiple of 8 pixels", "--size", "60")]
    [InlineData("there is no such folder", "--references", "nowhere")]
    [InlineData("there is no such folder", "--model", "nowhere/model")]
    public async Task A_mistake_is_named_before_anything_is_learned(string words, string option, string value)
    {
        Put(pictures: 3);
        string[] usual = ["--subject", "dog", "--references", References];
        var position = Array.IndexOf(usual, option);
        string[] args = position < 0 ? [.. usual, option, value] : [.. usual[..(position + 1)], value, .. usual[(position + 2)..]];

        var (code, _, error) = await CommandRun.Of(["train", "cones2", "-o", Output, .. args]);

        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains(words, error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Output));
    }

    private Task<(int Code, string Output, string Error)> Train(params string[] args) =>
        CommandRun.Of(["train", "cones2", "--subject", "dog", "--references", References, "-o", Output, .. args]);

    private void Put(int pictures) => ShippedSamples.CopyTo(References, "dog", pictures);
}
