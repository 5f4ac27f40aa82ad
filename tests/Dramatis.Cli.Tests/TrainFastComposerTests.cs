using Dramatis.Cli.Host;

namespace Dramatis.Cli.Tests;

/// <summary><c>dramatis train fastcomposer</c> on the embedded model.</summary>
[Collection(CommandRun.Collection)]
public sealed class TrainFastComposerTests : IDisposable
{
    private const string Good = """{"text": "a dog on a beach", "image_file": "dog.png", "image_phrases": ["dog"], "image_boxes": [[10, 10, 200, 200]]}""";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dramatis-test-");

    public TrainFastComposerTests() => File.Copy(ShippedSamples.Dog, Path.Combine(folder.FullName, "dog.png"));

    private string Output => Path.Combine(folder.FullName, "run");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Records_are_trained_on_and_the_training_goes_on_from_its_result()
    {
        var (code, _, error) = await Train([Good], "--pictures", "2", "--batch", "1", "--size", "64", "--layers", "attn2.to_k");

        Assert.True(code == 0, error);
        Assert.True(File.Exists(Path.Combine(Output, "model", "adapters", "fastcomposer", "config.json")));
        Assert.Contains("denoising,localization", File.ReadLines(Path.Combine(Output, "loss.csv")).First(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dry_run_says_what_is_needed_and_writes_nothing()
    {
        var (code, output, error) = await Train([Good], "--dry-run", "--size", "64");

        Assert.True(code == 0, error);
        Assert.Contains("records          1", output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Output));
    }

    [Theory]
    [InlineData("--masked-share", "2", "--masked-share: 2 is not between 0 and 1")]
    [InlineData("--drop-subjects", "-1", "--drop-subjects: -1 is not between 0 and 1")]
    [InlineData("--localization", "-1", "--localization: -1 is less than 0")]
    [InlineData("--localization-blocks", "10", "--localization-blocks: 10 is not between 1 and 9")]
    [InlineData("--layers", "nowhere", "--layers: no layer of the denoiser ends in nowhere")]
    [InlineData("--kinds", "person", "--kinds: says what subjects of label maps may be, and the data are records")]
    [InlineData("--size", "63", "--size")]
    [InlineData("--cache", "kept", "--cache: is of no use")]
    [InlineData("--weights", "as-stored", "--weights: in half precision cannot be tuned")]
    public async Task What_makes_no_sense_is_refused(string option, string value, string problem)
    {
        var (code, _, error) = await Train([Good], "--dry-run", option, value);

        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains(problem, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caption_that_does_not_name_its_subject_is_refused_by_line()
    {
        var (code, _, error) = await Train([Good.Replace("a dog on", "a cat on", StringComparison.Ordinal)], "--dry-run");

        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("records.jsonl:1", error, StringComparison.Ordinal);
        Assert.Contains("\"dog\"", error, StringComparison.Ordinal);
    }

    private Task<(int Code, string Output, string Error)> Train(string[] records, params string[] more)
    {
        File.WriteAllLines(Path.Combine(folder.FullName, "records.jsonl"), records);
        return CommandRun.Of(["train", "fastcomposer", "--data", folder.FullName, "--model", ShippedModel.Folder, "-o", Output, .. more]);
    }
}
