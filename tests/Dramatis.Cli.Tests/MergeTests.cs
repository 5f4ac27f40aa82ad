using System.Text.Json;
using Dramatis.Checkpoints;
using Dramatis.Cli.Host;
using Dramatis.TestKit;

namespace Dramatis.Cli.Tests;

/// <summary><c>dramatis merge custom-diffusion</c> on the embedded model.</summary>
[Collection(CommandRun.Collection)]
public sealed class MergeTests : IDisposable
{
    private const string Weights = "pytorch_custom_diffusion_weights.safetensors";

    private static readonly string[] Things = ["dog", "house", "tree", "car", "ball", "flower", "fish", "chair", "boat", "bird"];
    private static readonly string[] Places = ["on a beach", "in a forest", "by a lake", "on a street", "in the snow", "under the sun"];

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dramatis-test-");

    public MergeTests() => File.WriteAllLines(Captions, Things.SelectMany(
        thing => Places.Select(place => $"{thing} and {Things[place.Length % Things.Length]} {place}")));

    private string Captions => Of("captions.txt");

    private string Output => Of("both");

    public void Dispose() => folder.Delete(recursive: true);

    [Slow]
    [Fact]
    public async Task Subjects_that_were_learned_apart_are_merged_and_painted_together()
    {
        await Learn("dog");
        await Learn("rose");

        var (code, _, error) = await Merge($"{Of("dog/model")}=dog", $"{Of("rose/model")}=rose", "--word", "<rex>", "--word", "<rose>");
        var (painted, _, problem) = await CommandRun.Of(
            "paint", "a <rex> dog and a <rose> rose", "--lora", Path.Combine(Output, Weights), "--lora", Path.Combine(Output, "<rex>.safetensors"), "--lora",
                Path.Combine(Output, "<rose>.safetensors"), "--steps", "2", "--size", "64x64", "-o", Of("out.png"));

        Assert.True(code == 0, error);
        Assert.True(painted == 0, problem);
        using var record = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Output, "subject.json"), TestContext.Current.CancellationToken));
        using var parts = SafetensorsFile.Open(Path.Combine(Of("dog/model"), Weights));
        using var merged = SafetensorsFile.Open(Path.Combine(Output, Weights));
        Assert.Equal("<rex> dog, <rose> rose", record.RootElement.GetProperty("phrase").GetString());
        Assert.Equal(parts.Tensors.Keys.Order(StringComparer.Ordinal), merged.Tensors.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("'runs/tom' is no FILE=KIND", ExitCode.WrongUsage, "runs/tom", "b=dog")]
    [InlineData("'runs/tom=' is no FILE=KIND", ExitCode.WrongUsage, "runs/tom=", "b=dog")]
    [InlineData("is 1 words for 2 subjects", ExitCode.Failed, "a=cat", "b=dog", "--word", "<tom>")]
    [InlineData("--word: is empty", ExitCode.Failed, "a=cat", "b=dog", "--word", "<tom>", "--word", " ")]
    [InlineData("nowhere.safetensors", ExitCode.Failed, "nowhere.safetensors=cat", "b=dog")]
    [InlineData("there is no such folder", ExitCode.Failed, "a=cat", "b=dog", "--model", "nowhere/model")]
    public async Task A_mistake_is_named_and_nothing_is_written(string words, int expected, params string[] args)
    {
        var (code, _, error) = await Merge(args);

        Assert.Contains(words, error, StringComparison.Ordinal);
        Assert.Equal(expected, code);
        Assert.False(Directory.Exists(Output));
    }

    [Fact]
    public async Task Captions_that_are_not_there_are_named()
    {
        File.Delete(Captions);

        Assert.Contains(Captions, (await Merge("a=cat", "b=dog")).Error, StringComparison.Ordinal);
    }

    private Task<(int Code, string Output, string Error)> Merge(params string[] args) =>
        CommandRun.Of(["merge", "custom-diffusion", .. args, "--captions", Captions, "-o", Output]);

    private async Task Learn(string subject)
    {
        var references = Of($"{subject}-references");
        ShippedSamples.CopyTo(references, subject, pictures: 3);

        var (code, _, error) = await CommandRun.Of(
            "train", "custom-diffusion", "--subject", subject, "--references", references, "-o", Of(subject), "--steps", "1", "--size", "64", "--batch", "1",
                "--prior", "0");
        Assert.True(code == 0, error);
    }

    private string Of(string name) => Path.Combine(folder.FullName, name);
}
