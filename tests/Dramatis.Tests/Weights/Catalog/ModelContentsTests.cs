using Dramatis.Checkpoints;
using Dramatis.Errors;
using Dramatis.Tests.Verification;
using Dramatis.Weights.Catalog;

namespace Dramatis.Tests.Weights.Catalog;

public sealed class ModelContentsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_model_folder_says_what_it_can()
    {
        var contents = ModelContents.Of(ToyboxFolder.Path);

        Assert.Equal((WeightsForm.ModelFolder, "base model", 192L), (contents.Form, contents.Kind, contents.TextWidth));
        Assert.Null(contents.Family);
        Assert.Equal(["text-to-image", "easyref", "fastcomposer", "ip-adapter", "ms-diffusion", "prior"], contents.Can);
    }

    [Fact]
    public void A_network_with_more_inputs_than_outputs_is_for_inpainting()
    {
        ToyboxFolder.CopyTo(folder);
        Change("unet/config.json", text => text.Replace("\"in_channels\": 8", "\"in_channels\": 17", StringComparison.Ordinal));

        Assert.Equal(["inpainting", "easyref", "fastcomposer", "ip-adapter", "ms-diffusion", "prior"], ModelContents.Of(folder).Can);
    }

    [Theory]
    [InlineData("sd15.ckpt", "Stable Diffusion 1.x")]
    [InlineData("sdxl.safetensors", "SDXL")]
    public void A_single_file_is_of_the_family_that_its_names_tell(string name, string family)
    {
        var path = Path.Combine(GoldenData.Root ?? "", "pipelines", "models", "single-file", name);
        Assert.SkipUnless(File.Exists(path), "needs shared/golden");

        var contents = ModelContents.Of(path);

        Assert.Equal((WeightsForm.SingleFile, family), (contents.Form, contents.Family));
        Assert.Equal(["text-to-image"], contents.Can);
    }

    [Theory]
    [InlineData("adapter.safetensors")]
    [InlineData("")]
    public void An_adapter_is_known_by_its_file_or_its_folder(string name)
    {
        Write("image_proj.proj.weight", "ip_adapter.1.to_k_ip.weight");

        var contents = ModelContents.Of(Path.Combine(folder, name));

        Assert.Equal((WeightsForm.Weights, "IP-Adapter", "Stable Diffusion 1.x"), (contents.Form, contents.Kind, contents.Family));
        Assert.False(contents.IsBaseModel);
    }

    [Theory]
    [InlineData("vae", "vae")]
    [InlineData("text_encoder/model.safetensors", "no weights")]
    [InlineData("scheduler/scheduler_config.json", "scheduler_config.json")]
    public void A_part_that_a_model_lacks_is_named(string part, string words)
    {
        ToyboxFolder.CopyTo(folder);
        var path = Path.Combine(folder, part);
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
        else
        {
            File.Delete(path);
        }

        Assert.Contains(words, Assert.Throws<ModelNotFoundException>(() => ModelContents.Of(folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_missing_or_of_no_known_kind_is_refused()
    {
        Assert.Throws<ModelNotFoundException>(() => ModelContents.Of(Path.Combine(folder, "none")));
        Assert.Throws<ModelNotFoundException>(() => ModelContents.Of(folder));

        Write("something.weight");
        var error = Assert.Throws<InvalidCheckpointException>(() => ModelContents.Of(folder));

        Assert.Contains("of no kind known here", error.Message, StringComparison.Ordinal);
    }

    private void Write(params string[] names) => SafetensorsWriter.Write(
        Path.Combine(folder, "adapter.safetensors"), [.. names.Select(name => new TensorSource(name, TensorType.U8, [1, 768], () => new byte[768]))]);

    private void Change(string name, Func<string, string> change)
    {
        var path = Path.Combine(folder, name);
        var before = File.ReadAllText(path);
        File.WriteAllText(path, change(before));
        Assert.NotEqual(before, File.ReadAllText(path));
    }
}
