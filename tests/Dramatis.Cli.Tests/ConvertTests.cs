using Dramatis.Checkpoints;
using Dramatis.Checkpoints.Kinds;
using Dramatis.Weights;
using TorchSharp;

namespace Dramatis.Cli.Tests;

/// <summary><c>dramatis convert</c>.</summary>
[Collection(CommandRun.Collection)]
public sealed class ConvertTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dramatis-test-");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("ms-diffusion")]
    [InlineData("ip-adapter")]
    public async Task An_adapter_goes_to_the_published_format_and_back_to_the_bit(string method)
    {
        var adapter = Path.Combine(ShippedModel.Folder, "adapters", method);

        Assert.Equal(0, (await CommandRun.Of("convert", adapter, "-o", File("adapter.bin"))).Code);
        Assert.Equal(0, (await CommandRun.Of("convert", File("adapter.bin"), "-o", File("back.safetensors"))).Code);

        using var published = TensorArchive.Open(File("adapter.bin"));
        using var stored = TensorArchive.Open(Path.Combine(adapter, "adapter.safetensors"));
        Assert.IsType<PickleFile>(published);
        Assert.Equal(CheckpointKind.Of(stored), CheckpointKind.Of(published));
        Assert.Equal(Convert.ToHexString(Bytes(stored.Path)), Convert.ToHexString(Bytes(File("back.safetensors"))));
    }

    [Fact]
    public async Task Numbers_are_stored_as_asked_and_what_is_no_such_number_stays()
    {
        Save(("weights", torch.tensor([1f, 2f, 65519f])), ("steps", torch.tensor([1L, 2L])));

        var (code, output, _) = await CommandRun.Of("convert", File("own.safetensors"), "-o", File("own.pt"), "--store", "f16");

        using var converted = TensorArchive.Open(File("own.pt"));
        Assert.Equal(0, code);
        Assert.Contains("2 tensors", output, StringComparison.Ordinal);
        Assert.Equal((TensorType.F16, TensorType.I64), (converted.Tensors["weights"].Type, converted.Tensors["steps"].Type));
        Assert.Equal([1f, 2f, 65504f], converted.ToTensor("weights", torch.ScalarType.Float32).data<float>().ToArray());
    }

    [Theory]
    [InlineData(1, "'weights'", "own.safetensors", "own.bin", "--store", "f16")]
    [InlineData(1, "own.gguf", "own.safetensors", "own.gguf")]
    [InlineData(1, "none.bin", "none.bin", "own.pt")]
    [InlineData(1, "missing", "own.safetensors", "missing/own.pt")]
    [InlineData(2, "f8", "own.safetensors", "own.bin", "--store", "f8")]
    public async Task What_cannot_be_done_is_one_line_and_leaves_no_file(int code, string named, string from, string to, params string[] more)
    {
        Save(("weights", torch.tensor([1e9f])));
        string[] before = [.. Files()];

        var (exit, _, error) = await CommandRun.Of(["convert", File(from), "-o", File(to), .. more]);

        Assert.Equal(code, exit);
        Assert.Contains(named, Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.Equal(before, Files());
    }

    private static byte[] Bytes(string path) => System.IO.File.ReadAllBytes(path);

    private string File(string name) => Path.Combine(folder.FullName, name);

    private IEnumerable<string> Files() => folder.EnumerateFiles().Select(file => file.Name).Order(StringComparer.Ordinal);

    private void Save(params (string Name, torch.Tensor Values)[] tensors) => Checkpoint.Save(
        tensors.ToDictionary(item => item.Name, item => item.Values, StringComparer.Ordinal), File("own.safetensors"));
}
