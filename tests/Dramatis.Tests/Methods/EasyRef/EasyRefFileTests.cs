using Dramatis.Checkpoints;
using Dramatis.Errors;
using Dramatis.Methods.EasyRef;
using Dramatis.Tests.Networks.Qwen2Vl;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Tests.Methods.EasyRef;

/// <summary>Checkpoints for the embedded model, in every layout.</summary>
public sealed class EasyRefFileTests : IClassFixture<ToyboxModel>, IDisposable
{
    private readonly BaseModel model;
    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;
    private readonly TorchSharp.DisposeScope scope = NewDisposeScope();

    public EasyRefFileTests(ToyboxModel toybox)
    {
        model = toybox.Model;
        TinyQwen.Write(Language);
    }

    private string Language => Path.Combine(folder, "qwen");

    public void Dispose()
    {
        scope.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("under the attention layers")]
    [InlineData("in the list alone")]
    [InlineData("both")]
    [InlineData("with a head")]
    [InlineData("torch.save")]
    public void Every_layout_gives_the_same_weights(string layout)
    {
        var tensors = TinyEasyRef.Checkpoint(model.UNet);
        using var expected = Load(Save(tensors));

        using var network = Load(Arranged(tensors, layout));

        AssertSame(expected, network);
    }

    [Fact]
    public void What_a_checkpoint_lacks_of_the_language_model_comes_from_its_folder_in_either_naming()
    {
        var tensors = TinyEasyRef.Checkpoint(model.UNet);
        var own = tensors.Where(item => !item.Key.StartsWith("multimodal_llm.", StringComparison.Ordinal)).ToDictionary();
        var renamed = TinyQwen.Write(Language, rename: name =>
            name.StartsWith("model.", StringComparison.Ordinal) ? name.Replace("model.", "model.language_model.", StringComparison.Ordinal) : $"model.{name}");

        using var network = Load(Save(own));

        var weights = network.state_dict();
        Assert.Equal(0, Distance(weights["multimodal_llm.model.layers.1.mlp.up_proj.weight"], renamed["model.language_model.layers.1.mlp.up_proj.weight"]));
        Assert.Equal(0, Distance(weights["multimodal_llm.visual.blocks.1.mlp.fc1.weight"], renamed["model.visual.blocks.1.mlp.fc1.weight"]));
        Assert.Equal(0, Distance(weights["mllm_final_layer.norm.weight"], tensors["mllm_final_layer.norm.weight"]));
    }

    [Fact]
    public void A_checkpoint_with_all_of_the_language_model_needs_no_other_weights()
    {
        File.Delete(Path.Combine(Language, "model.safetensors"));

        using var network = Load(Save(TinyEasyRef.Checkpoint(model.UNet)));

        Assert.Equal(TinyEasyRef.Tokens, network.Final.Tokens);
    }

    [Fact]
    public void Low_rank_changes_and_the_copy_of_the_denoiser_become_one_patch()
    {
        var name = "mid_block.attentions.0.transformer_blocks.0.attn2.to_k.weight";
        var copy = model.UNet.state_dict().ToDictionary(item => $"unet.{item.Key}", item => item.Value * .5);
        var lowRank = TinyEasyRef.LowRank(model.UNet);
        var path = Save(TinyEasyRef.Checkpoint(model.UNet).Concat(lowRank).Concat(copy).ToDictionary());
        var processor = "unet.mid_block.attentions.0.transformer_blocks.0.attn2.processor.to_k_lora";
        var change = lowRank[$"{processor}.up.weight"].mm(lowRank[$"{processor}.down.weight"]);
        var own = model.UNet.state_dict()[name].clone();

        Assert.InRange(Distance(Worn(path, BaseWeights.Checkpoint, name), (own * .5) + change), 0, 1e-6);
        Assert.InRange(Distance(Worn(path, BaseWeights.Base, name), own + change), 0, 1e-6);
        Assert.Equal(0, Distance(model.UNet.state_dict()[name], own));
        Assert.Null(Patch(Save(TinyEasyRef.Checkpoint(model.UNet)), BaseWeights.Checkpoint));
    }

    [Theory]
    [InlineData("mllm_final_layer.reference_tokens", "reference_tokens")]
    [InlineData("image_proj_model.proj.0.bias", "image_proj_model.proj.0.bias")]
    [InlineData("mllm_final_layer.layers.0.mlp.up_proj.weight", "up_proj")]
    [InlineData("unet.mid_block.attentions.0.transformer_blocks.0.attn2.processor.to_v_ip.weight", "to_v_ip")]
    public void A_tensor_that_is_missing_is_named(string name, string named)
    {
        var tensors = TinyEasyRef.Checkpoint(model.UNet);
        Assert.True(tensors.Remove(name));
        if (name.StartsWith("mllm_final_layer.layers", StringComparison.Ordinal))
        {
            File.Delete(Path.Combine(Language, "model.safetensors"));    // which the layer would begin with
        }

        var error = Assert.ThrowsAny<DramatisException>(() => Load(Save(tensors)));

        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Half_of_a_low_rank_change_and_what_belongs_to_nothing_are_named()
    {
        var lowRank = TinyEasyRef.LowRank(model.UNet);
        lowRank.Remove(lowRank.Keys.First(name => name.EndsWith("to_out_lora.up.weight", StringComparison.Ordinal)));
        var half = Save(TinyEasyRef.Checkpoint(model.UNet).Concat(lowRank).ToDictionary());
        var stranger = Save(TinyEasyRef.Checkpoint(model.UNet).Append(new("postfuse_module.weight", ones(2))).ToDictionary());

        Assert.Contains("to_out_lora.down", Assert.Throws<WeightMismatchException>(() => Patch(half, BaseWeights.Base)).Message, StringComparison.Ordinal);
        Assert.Contains("postfuse_module", Assert.Throws<WeightMismatchException>(() => Open(stranger, EasyRefFile.RefuseUnknown)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_language_model_of_another_size_is_refused_and_both_are_named()
    {
        var tensors = TinyEasyRef.Checkpoint(model.UNet);
        TinyQwen.Write(Language, TinyQwen.Config with { Width = 48, Vision = TinyQwen.Config.Vision with { OutputWidth = 48 }, RotarySections = [2, 2, 2] });

        var error = Assert.Throws<InvalidCheckpointException>(() => Load(Save(tensors)));

        Assert.Contains("24 wide", error.Message, StringComparison.Ordinal);
        Assert.Contains("48 wide", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_checkpoint_for_another_base_model_is_refused()
    {
        var tensors = TinyEasyRef.Checkpoint(model.UNet);
        tensors["image_proj_model.proj.3.weight"] = ones(2048);

        Assert.Contains("SDXL", Assert.Throws<InvalidCheckpointException>(() => Load(Save(tensors))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_shard_that_is_missing_is_named()
    {
        var tensors = TinyEasyRef.Checkpoint(model.UNet);
        File.Move(Path.Combine(Language, "model.safetensors"), Path.Combine(Language, "model-00001-of-00002.safetensors"));
        File.WriteAllText(
            Path.Combine(Language, "model.safetensors.index.json"),
            """{"weight_map": {"model.norm.weight": "model-00001-of-00002.safetensors", "lm_head.weight": "model-00002-of-00002.safetensors"}}""");

        var error = Assert.Throws<InvalidCheckpointException>(() => Load(Save(tensors)));

        Assert.Contains("model-00002-of-00002.safetensors", error.Message, StringComparison.Ordinal);
    }

    private static void AssertSame(EasyRefNetwork expected, EasyRefNetwork actual)
    {
        var weights = actual.state_dict();
        Assert.All(expected.state_dict(), item => Assert.Equal(0, Distance(item.Value, weights[item.Key])));
    }

    private static double Distance(Tensor a, Tensor b) => (a - b).abs().max().item<float>();

    private string Arranged(Dictionary<string, Tensor> tensors, string layout)
    {
        var numbers = EasyRefNames.Layers(model.UNet.Sites).ToDictionary(layer => $"unet.{layer.Path}.processor.", layer => $"adapter_modules.{layer.Number}.");
        var listed = tensors.ToDictionary(
            item => numbers.FirstOrDefault(number => item.Key.StartsWith(number.Key, StringComparison.Ordinal)) is { Key: { } path } found
                ? found.Value + item.Key[path.Length..] : item.Key,
            item => item.Value);
        return layout switch
        {
            "in the list alone" => Save(listed),
            "both" => Save(tensors.Concat(listed.Where(item => !tensors.ContainsKey(item.Key))).ToDictionary()),
            "with a head" => Save(tensors.Append(new("multimodal_llm.lm_head.weight", tensors["multimodal_llm.model.embed_tokens.weight"].clone())).ToDictionary()),
            "torch.save" => SaveState(tensors),
            _ => Save(tensors),
        };
    }

    // As DeepSpeed does: the module beside other things.
    private string SaveState(Dictionary<string, Tensor> tensors)
    {
        var path = Path.Combine(folder, "mp_rank_00_model_states.pt");
        var sources = tensors.Select(item => TensorLoading.ToSource($"module.{item.Key}", item.Value, TensorType.F32))
            .Append(TensorLoading.ToSource("optimizer.step", ones(1), TensorType.F32));
        TorchWriter.Write(path, [.. sources], ["module", "optimizer"]);
        return path;
    }

    private string Save(Dictionary<string, Tensor> tensors)
    {
        var path = Path.Combine(folder, $"{Guid.NewGuid():N}.safetensors");
        Checkpoint.Save(tensors, path);
        return path;
    }

    private EasyRefNetwork Load(string path)
    {
        EasyRefNetwork? network = null;
        Open(path, checkpoint => network = EasyRefFile.LoadNetwork(checkpoint, ModelPart.Open(Language), model.UNet));
        return network!;
    }

    private WeightPatch? Patch(string path, BaseWeights kept)
    {
        WeightPatch? patch = null;
        Open(path, checkpoint => patch = EasyRefFile.ReadPatch(checkpoint, model, kept));
        return patch;
    }

    private Tensor Worn(string path, BaseWeights kept, string weight)
    {
        using var off = no_grad();
        using var patch = Patch(path, kept);
        using var patched = new PatchedWeights(model);
        patched.Apply(new ScaledPatch(patch!));
        return model.UNet.state_dict()[weight].clone();
    }

    private void Open(string path, Action<TensorArchive> work)
    {
        using var weights = TensorArchive.Open(path);
        using var checkpoint = EasyRefNames.Open(weights, model.UNet.Sites);
        work(checkpoint);
    }
}
