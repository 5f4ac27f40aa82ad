using Dramatis.Checkpoints;
using Dramatis.Cli.Host;
using Dramatis.Training.Records;

namespace Dramatis.Cli.Tests;

/// <summary><c>dramatis train ip-adapter</c> on the embedded model.</summary>
[Collection(CommandRun.Collection)]
public sealed class TrainIpAdapterTests : IDisposable
{
    private const string Good = """{"text": "a dog on a beach", "image_file": "dog.png"}""";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dramatis-test-");

    public TrainIpAdapterTests() => File.Copy(ShippedSamples.Dog, Path.Combine(folder.FullName, "dog.png"));

    private string Output => Path.Combine(folder.FullName, "run");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task An_adapter_is_trained_stored_as_asked_and_its_samples_are_painted()
    {
        var (code, _, error) = await Train([Good], "--pictures", "2", "--batch", "1", "--store", "f16", "--weights", "as-stored", "--recompute");

        Assert.True(code == 0, error);
        using var adapter = SafetensorsFile.Open(Path.Combine(Output, "model", "adapters", "ip-adapter", "adapter.safetensors"));
        Assert.All(adapter.Tensors.Values, tensor => Assert.Equal(TensorType.F16, tensor.Type));
        Assert.Single(Directory.GetFiles(Path.Combine(Output, "samples"), "*.png"));
    }

    [Fact]
    public async Task A_dry_run_says_what_is_needed_and_writes_nothing()
    {
        var (code, output, _) = await Train([Good], "--dry-run");

        Assert.Equal(0, code);
        Assert.Contains("records          1", output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Output));
    }

    [Fact]
    public async Task Broken_records_are_named_by_line_and_left_out_only_when_asked()
    {
        var (code, _, error) = await Train([Good, "{}"], "--dry-run");
        var (skipped, output, _) = await Train([Good, "{}"], "--dry-run", "--skip-bad");

        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains($"{RecordSet.FileName}:2: image_file is missing", error, StringComparison.Ordinal);
        Assert.Equal(0, skipped);
        Assert.Contains("records          1", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--projector", "cubic", "--projector")]
    [InlineData("--reference", "fold", "--reference")]
    [InlineData("--tokens", "0", "tokens")]
    [InlineData("--size", "63", "--size")]
    [InlineData("--regions", "true", "image_boxes is missing")]
    public async Task What_makes_no_sense_is_refused(string option, string value, string problem)
    {
        var (code, _, error) = await Train([Good], option, value, "--dry-run");

        Assert.NotEqual(0, code);
        Assert.Contains(problem, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_odd_batch_is_one_worker_s_unless_two_are_asked_for()
    {
        var (code, _, error) = await TrainWith([Good], "--batch", "1", "--dry-run");
        var (refused, _, problem) = await TrainWith([Good], "--batch", "1", "--workers", "2", "--dry-run");

        Assert.True(code == 0, error);
        Assert.Equal(ExitCode.Failed, refused);
        Assert.Contains("1 pictures cannot be shared out to 2 equal parts", problem, StringComparison.Ordinal);
    }

    private Task<(int Code, string Output, string Error)> Train(IEnumerable<string> records, params string[] options) =>
        TrainWith(records, ["--workers", "1", .. options]);

    private Task<(int Code, string Output, string Error)> TrainWith(IEnumerable<string> records, params string[] options)
    {
        File.WriteAllLines(Path.Combine(folder.FullName, RecordSet.FileName), records);
        return CommandRun.Of(
            ["train", "ip-adapter", "--data", folder.FullName, "--model", ShippedModel.Folder, "-o", Output, .. options]);
    }
}
