using Dramatis.Methods.Lora;
using Dramatis.Tests.Verification;
using Dramatis.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Dramatis.Tests.Methods.Lora;

/// <summary>Files of one text encoder on a tiny model with SDXL's two.</summary>
public sealed class TwoEncodersTests : IDisposable
{
    private const string Layer = "text_model.encoder.layers.0.self_attn.q_proj";

    private readonly DisposeScope scope = NewDisposeScope();
    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;

    public void Dispose()
    {
        scope.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData(ModelNetwork.TextEncoder, $"base_model.model.{Layer}")]
    [InlineData(ModelNetwork.SecondTextEncoder, $"base_model.model.{Layer}")]
    [InlineData(ModelNetwork.SecondTextEncoder, Layer)]
    [InlineData(ModelNetwork.SecondTextEncoder, $"text_encoder_2.{Layer}")]
    [InlineData(ModelNetwork.SecondTextEncoder, "lora_te2_text_model_encoder_layers_0_self_attn_q_proj")]
    [InlineData(ModelNetwork.SecondTextEncoder, $"text_encoders.clip_g.transformer.{Layer}")]
    public void A_name_that_does_not_say_whose_it_is_belongs_to_the_encoder_that_it_fits(Enum encoder, string name)
    {
        using var model = Load();
        var width = model.NetworkOf((ModelNetwork)encoder)!.get_parameter($"{Layer}.weight")!.shape[0];
        var file = Save("adapter_model", ($"{name}.lora_A.weight", ones(2, width)), ($"{name}.lora_B.weight", ones(width, 2)));

        using var read = LoraFile.Read(file, model);

        Assert.Equal(((ModelNetwork)encoder, $"{Layer}.weight"), (read.Changes.Single().Network, read.Changes.Single().Weight));
    }

    [Fact]
    public void Words_of_both_encoders_come_with_a_file()
    {
        using var model = Load();
        var (first, second) = (model.TextEncoder.Config.Tower.Width, model.SecondTextEncoder!.Config.Tower.Width);
        var file = Save(
            "style",
            ($"lora_te1_{Layer.Replace('.', '_')}.lora_down.weight", ones(2, first)), ($"lora_te1_{Layer.Replace('.', '_')}.lora_up.weight", ones(first, 2)),
            ("bundle_emb.cat.clip_l", ones(2, first)), ("bundle_emb.cat.clip_g", ones(2, second)));

        using var read = LoraFile.Read(file, model);

        Assert.Equal(["cat"], read.Words);
        Assert.Equal([ModelNetwork.TextEncoder, ModelNetwork.SecondTextEncoder], read.Changes.OfType<NewWord>().Select(word => word.Network).Order());
    }

    private static BaseModel Load()
    {
        Assert.SkipWhen(GoldenData.Root is null, "no golden data");
        return BaseModel.Load(Path.Combine(GoldenData.Root!, "pipelines", "models", "sdxl"));
    }

    private string Save(string name, params (string Name, Tensor Values)[] tensors)
    {
        var path = Path.Combine(folder, $"{name}.safetensors");
        Checkpoint.Save(tensors.ToDictionary(item => item.Name, item => item.Values), path);
        return path;
    }
}
