using Dramatis.Weights;

namespace Dramatis.Tests.Weights;

public sealed class WeightsFolderTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("diffusion_pytorch_model.safetensors")]
    [InlineData("diffusion_pytorch_model.safetensors.index.json", "diffusion_pytorch_model-00001-of-00002.safetensors",
        "diffusion_pytorch_model-00002-of-00002.safetensors")]
    [InlineData("diffusion_pytorch_model.safetensors.index.fp16.json", "diffusion_pytorch_model.fp16-00001-of-00002.safetensors")]
    [InlineData("diffusion_pytorch_model.safetensors.fp16.index.json", "diffusion_pytorch_model-00001-of-00002.fp16.safetensors")]
    [InlineData("diffusion_pytorch_model.fp16.safetensors.index.json", "diffusion_pytorch_model-00001-of-00002.fp16.safetensors")]
    [InlineData("diffusion_pytorch_model.bin.index.json", "diffusion_pytorch_model-00001-of-00002.bin")]
    [InlineData("pytorch_model.bin.index.json", "pytorch_model-00001-of-00002.bin")]
    [InlineData("model.safetensors.index.bf16.json", "model-00001-of-00002.bf16.safetensors")]
    [InlineData("diffusion_pytorch_model.bf16.safetensors")]
    [InlineData("model.fp16.safetensors", "model.onnx")]
    [InlineData("diffusion_pytorch_model.safetensors", "diffusion_pytorch_model.fp16.safetensors", "diffusion_pytorch_model.non_ema.safetensors",
        "diffusion_pytorch_model.bin")]
    [InlineData("diffusion_pytorch_model.fp16.safetensors", "diffusion_pytorch_model.bin", "diffusion_pytorch_model.non_ema.safetensors")]
    [InlineData("model.safetensors", "pytorch_model.bin", "model.fp16.safetensors")]
    [InlineData("model-00001-of-00001.safetensors")]
    [InlineData("ip-adapter_sd15.safetensors", ".ip-adapter.safetensors", "README.md")]
    public void Weights_of_every_spelling_are_found_and_the_best_first(string first, params string[] others)
    {
        Write([first, .. others]);

        Assert.Equal(Path.Combine(folder, first), WeightsFolder.Find(folder));
    }

    [Theory]
    [InlineData("no weights in it;")]
    [InlineData("there is model.gguf", "model.gguf")]
    [InlineData("there are a.safetensors, b.ckpt, b.safetensors", "a.safetensors", "b.safetensors", "b.ckpt", "notes.txt")]
    [InlineData("there is flax_model.msgpack", "flax_model.msgpack")]
    [InlineData("no index", "diffusion_pytorch_model-00001-of-00002.safetensors", "diffusion_pytorch_model-00002-of-00002.safetensors")]
    public void What_is_there_instead_is_named(string expected, params string[] names)
    {
        Write(names);

        Assert.Null(WeightsFolder.Find(folder));
        Assert.Contains(expected, WeightsFolder.Problem(folder), StringComparison.Ordinal);
    }

    private void Write(IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            File.WriteAllText(Path.Combine(folder, name), "");
        }
    }
}
