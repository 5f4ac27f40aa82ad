using Dramatis.Errors;
using Dramatis.Methods.CustomDiffusion;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Tests.Methods.CustomDiffusion;

public sealed class CustomDiffusionFileTests(ToyboxModel toybox) : IClassFixture<ToyboxModel>, IDisposable
{
    private const string Attention = "down_blocks.1.attentions.0.transformer_blocks.0.attn2";

    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;
    private readonly BaseModel model = toybox.Model;

    private string File => Path.Combine(folder, CustomDiffusionFile.FileName);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("to_k.weight", ".processor.to_k_custom_diffusion.weight")]
    [InlineData("to_v.weight", ".processor.to_v_custom_diffusion.weight")]
    [InlineData("to_out.0.bias", ".processor.to_out_custom_diffusion.0.bias")]
    public void Layers_are_written_under_diffusers_names_and_read_back(string layer, string stored)
    {
        using var values = randn(model.UNet.get_parameter($"{Attention}.{layer}")!.shape);
        CustomDiffusionFile.Write(File, [new(ModelNetwork.UNet, $"{Attention}.{layer}", values)]);

        using var read = CustomDiffusionFile.Read(File, model);

        var change = Assert.IsType<NewValues>(Assert.Single(read.Changes));
        Assert.Equal(Attention + stored, CustomDiffusionFile.StoredName(change.Weight));
        Assert.True(values.equal(change.Values).all().item<bool>());
    }

    [Fact]
    public void The_original_layout_brings_its_words_along()
    {
        using var scope = NewDisposeScope();
        Checkpoint.Save(
            new Dictionary<string, Tensor>
            {
                [$"unet.{Attention}.to_k.weight"] = zeros_like(model.UNet.get_parameter($"{Attention}.to_k.weight")!),
                ["modifier_token.<new1>"] = zeros(192),
            },
            File);

        using var read = CustomDiffusionFile.Read(File, model);

        Assert.Equal(["<new1>"], read.Words);
        Assert.Single(read.Changes.OfType<NewValues>());
    }

    [Fact]
    public void Layers_of_another_model_are_refused()
    {
        using var scope = NewDisposeScope();
        Checkpoint.Save(new Dictionary<string, Tensor> { [$"{Attention}.processor.to_k_custom_diffusion.weight"] = zeros(320, 768) }, File);

        var error = Assert.Throws<WeightMismatchException>(() => CustomDiffusionFile.Read(File, model));

        Assert.Contains("to_k.weight [320, 768]", error.Message, StringComparison.Ordinal);
    }
}
