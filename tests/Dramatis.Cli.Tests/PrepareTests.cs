using Dramatis.Cli.Host;
using Dramatis.TestKit.Onnx;

namespace Dramatis.Cli.Tests;

/// <summary><c>dramatis prepare</c>, and what a training makes of its records.</summary>
[Collection(CommandRun.Collection)]
public sealed class PrepareTests : IDisposable
{
    private const int Side = 128;

    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Scenes_and_clips_become_records_that_an_adapter_is_trained_on()
    {
        var scenes = new ShapeScenes(PathOf("bank"));
        scenes.Write(PathOf("data"), 3);
        scenes.Write(PathOf("data/clip"), 2);
        await File.WriteAllTextAsync(PathOf("data/clip.txt"), "a magenta square and a lime disc", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(PathOf("filters.json"), """{ "min_area": 0.03 }""", TestContext.Current.CancellationToken);

        var (code, output, error) = await Prepare("--model", ShippedModel.Folder, "--filters", PathOf("filters.json"));

        Assert.Equal((0, ""), (code, error));
        Assert.Contains("4 records with 8 subjects in", output, StringComparison.Ordinal);
        Assert.Contains("0 of 4 left out", output, StringComparison.Ordinal);

        var trained = await CommandRun.Of(
            "train", "ms-diffusion", "--data", PathOf("records"), "--model", ShippedModel.Folder, "-o", PathOf("run"), "--pictures", "4", "--batch", "2",
                "--size", "64");

        Assert.True(trained.Code == 0, trained.Error);
        Assert.True(File.Exists(PathOf("run/model/adapters/ms-diffusion/adapter.safetensors")), trained.Error);
    }

    [Fact]
    public async Task Label_maps_become_what_fastcomposer_is_trained_on()
    {
        new ShapeScenes(PathOf("bank")).Write(PathOf("data"), 3);

        var (code, _, error) = await Prepare("--label-maps");

        Assert.Equal((0, ""), (code, error));
        Assert.Equal(["00000000", "00000001", "00000002"], await File.ReadAllLinesAsync(PathOf("records/image_ids_train.txt"), TestContext.Current.CancellationToken));
        Assert.Equal(9, Directory.GetFiles(PathOf("records/00000")).Length);
        var trained = await CommandRun.Of(
            "train", "fastcomposer", "--data", PathOf("records"), "--model", ShippedModel.Folder, "-o", PathOf("run"), "--kinds", "disc", "--layers",
                "attn2.to_k", "--size", "64", "--dry-run");

        Assert.True(trained.Code == 0, trained.Error);

        Directory.Delete(PathOf("records"), recursive: true);
        new ShapeScenes(PathOf("bank")).Write(PathOf("data/clip"), 2);
        await File.WriteAllTextAsync(PathOf("data/clip.txt"), "a lime disc", TestContext.Current.CancellationToken);
        var (refused, _, problem) = await Prepare("--label-maps", "--model", ShippedModel.Folder);
        Assert.Equal(1, refused);
        Assert.Contains("--label-maps: are for single pictures", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_left_out_is_one_line_each()
    {
        new ShapeScenes(PathOf("bank")).Write(PathOf("data"), 2);
        File.Delete(PathOf("data/0.txt"));
        await File.WriteAllTextAsync(PathOf("data/1.txt"), "a tree\nand a wall", TestContext.Current.CancellationToken);

        var (code, output, error) = await Prepare();

        Assert.Equal(0, code);
        var lines = error.TrimEnd().Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("left out 0.png: has no caption; write it to ", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("left out 1.png: no subject: tree (score", lines[1], StringComparison.Ordinal);
        Assert.Contains("0 records with 0 subjects", output, StringComparison.Ordinal);
        Assert.Contains("2 of 2 left out: 1 without a caption, 1 in which nothing passed the filters", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clips_without_features_and_two_kinds_of_them_are_refused()
    {
        new ShapeScenes(PathOf("bank")).Write(PathOf("data/clip"), 2);
        await File.WriteAllTextAsync(PathOf("data/clip.txt"), "a lime disc", TestContext.Current.CancellationToken);

        var without = await Prepare();
        var both = await Prepare("--model", ShippedModel.Folder, "--features", ToyModels.WriteFeatures(folder));

        Assert.Equal((ExitCode.Failed, ExitCode.Failed), (without.Code, both.Code));
        Assert.Contains("has clips", Assert.Single(without.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.Contains("not both", Assert.Single(both.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    private Task<(int Code, string Output, string Error)> Prepare(params string[] more) => CommandRun.Of(
    [
        "prepare", "--data", PathOf("data"), "-o", PathOf("records"),
        "--detector", ToyModels.WriteDetector(folder, ShapeScenes.Things, Side),
        "--segmenter", ToyModels.WriteSegmenter(folder, ShapeScenes.Things, Side),
        .. more,
    ]);

    private string PathOf(string name) => Path.Combine(folder, name);
}
