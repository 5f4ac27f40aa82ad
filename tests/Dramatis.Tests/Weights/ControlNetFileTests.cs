using Dramatis.Errors;
using Dramatis.Networks.ControlNet;
using Dramatis.Weights;
using Dramatis.Weights.Catalog;
using static TorchSharp.torch;

namespace Dramatis.Tests.Weights;

/// <summary>ControlNets in one file, of two levels with one residual block each.</summary>
public sealed class ControlNetFileTests : IDisposable
{
    private const string Kind = "ControlNet with its base model inside (original layout)";

    private static readonly ControlNetConfig Tiny = new()
    {
        Blocks = new()
        {
            BlockWidths = [4, 8],
            Attention = [true, false],
            Heads = [2, 2],
            TransformerLayers = [1, 1],
            LayersPerBlock = 1,
            NormGroups = 2,
            TextWidth = 6,
        },
        ConditionWidths = [2, 3],
    };

    // The original code's names of its blocks: conv_in, a layer, half the size, a layer.
    private static readonly (string Ours, string Ldm)[] Names =
    [
        ("conv_in.", "input_blocks.0.0."),
        ("time_embedding.linear_1.", "time_embed.0."),
        ("time_embedding.linear_2.", "time_embed.2."),
        ("down_blocks.0.resnets.0.", "input_blocks.1.0."),
        ("down_blocks.0.attentions.0.", "input_blocks.1.1."),
        ("down_blocks.0.downsamplers.0.conv.", "input_blocks.2.0.op."),
        ("down_blocks.1.resnets.0.", "input_blocks.3.0."),
        ("mid_block.resnets.0.", "middle_block.0."),
        ("mid_block.attentions.0.", "middle_block.1."),
        ("mid_block.resnets.1.", "middle_block.2."),
        ("controlnet_mid_block.", "middle_block_out.0."),
        ("controlnet_down_blocks.0.", "zero_convs.0.0."),
        ("controlnet_down_blocks.1.", "zero_convs.1.0."),
        ("controlnet_down_blocks.2.", "zero_convs.2.0."),
        ("controlnet_down_blocks.3.", "zero_convs.3.0."),
        ("controlnet_cond_embedding.conv_in.", "input_hint_block.0."),
        ("controlnet_cond_embedding.blocks.0.", "input_hint_block.2."),
        ("controlnet_cond_embedding.blocks.1.", "input_hint_block.4."),
        ("controlnet_cond_embedding.conv_out.", "input_hint_block.6."),
        (".norm1.", ".in_layers.0."),
        (".conv1.", ".in_layers.2."),
        (".time_emb_proj.", ".emb_layers.1."),
        (".norm2.", ".out_layers.0."),
        (".conv2.", ".out_layers.3."),
        (".conv_shortcut.", ".skip_connection."),
    ];

    // Of each part of a base model one, and one that its training leaves.
    private static readonly string[] BaseNames =
    [
        "model.diffusion_model.input_blocks.0.0.weight", "first_stage_model.quant_conv.weight",
        "cond_stage_model.transformer.text_model.final_layer_norm.weight", "betas",
    ];

    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;

    private string File => Path.Combine(folder, "control.safetensors");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("")]
    [InlineData("control_model.")]
    [InlineData("state_dict.control_model.")]
    public void The_original_layout_loads_with_settings_beside(string prefix)
    {
        using var scope = NewDisposeScope();
        using var network = new Dramatis.Networks.ControlNet.ControlNet(Tiny);
        Checkpoint.Save(network.state_dict().ToDictionary(item => prefix + Ldm(item.Key), item => item.Value), File);
        System.IO.File.WriteAllText(Path.Combine(folder, "config.json"), Tiny.ToJson());

        using var loaded = ModelFolder.LoadControlNet(File);

        AssertSame(network, loaded);
    }

    [Theory]
    [InlineData("")]
    [InlineData("state_dict.")]
    public void The_base_model_that_it_was_trained_on_may_lie_beside_it(string root)
    {
        using var scope = NewDisposeScope();
        using var network = new Dramatis.Networks.ControlNet.ControlNet(Tiny);
        var tensors = network.state_dict().ToDictionary(item => $"{root}control_model.{Ldm(item.Key)}", item => item.Value);
        foreach (var name in BaseNames)
        {
            tensors.Add(root + name, ones(1, 4, 1, 1));
        }

        Checkpoint.Save(tensors, File);
        System.IO.File.WriteAllText(Path.Combine(folder, "config.json"), Tiny.ToJson());

        using var loaded = ModelFolder.LoadControlNet(File);

        AssertSame(network, loaded);
        var contents = ModelContents.Of(File);
        Assert.Equal((WeightsForm.Weights, Kind, 6L), (contents.Form, contents.Kind, contents.TextWidth));
        Assert.Contains(Kind, Assert.Throws<InvalidCheckpointException>(() => ModelFolder.Open(File)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_layout_of_diffusers_loads_too()
    {
        using var scope = NewDisposeScope();
        using var network = new Dramatis.Networks.ControlNet.ControlNet(Tiny);
        Checkpoint.Save(network, File);
        System.IO.File.WriteAllText(Path.Combine(folder, "config.json"), Tiny.ToJson());

        using var loaded = ModelFolder.LoadControlNet(File);

        AssertSame(network, loaded);
    }

    [Fact]
    public void Tensors_of_nothing_known_beside_it_are_an_error()
    {
        using var scope = NewDisposeScope();
        using var network = new Dramatis.Networks.ControlNet.ControlNet(Tiny);
        var tensors = network.state_dict().ToDictionary(item => "control_model." + Ldm(item.Key), item => item.Value);
        tensors.Add("something.else", ones(1));
        Checkpoint.Save(tensors, File);

        var error = Assert.Throws<WeightMismatchException>(() => ModelFolder.LoadControlNet(File));

        Assert.Equal(["something.else"], error.Unexpected);
    }

    [Theory]
    [InlineData(6, "texts 6 wide")]
    [InlineData(null, "is no ControlNet")]
    public void A_file_that_cannot_be_one_is_told_before_memory_is_taken(int? width, string words)
    {
        using var scope = NewDisposeScope();
        Checkpoint.Save(
            width is { } text
                ? new() { ["middle_block.1.transformer_blocks.0.attn2.to_k.weight"] = ones(8, text), ["input_hint_block.0.weight"] = ones(1) }
                : new Dictionary<string, Tensor> { ["a"] = ones(1) },
            File);

        var error = Assert.Throws<InvalidCheckpointException>(() => ModelFolder.LoadControlNet(File));

        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_come_back_as_they_were_written() =>
        Assert.Equal(Tiny.ToJson(), ControlNetConfig.Parse(Tiny.ToJson()).ToJson());

    private static void AssertSame(nn.Module expected, nn.Module ours) => Assert.All(
        ours.state_dict(), item => Assert.True(item.Value.equal(expected.state_dict()[item.Key]).all().item<bool>(), item.Key));

    // Inside attentions both codes have the same names.
    private static string Ldm(string name) => Names.Aggregate(name, (key, rename) =>
        key.Contains("transformer_blocks", StringComparison.Ordinal) && rename.Ours[0] == '.' ? key
        : rename.Ours[0] == '.' ? key.Replace(rename.Ours, rename.Ldm, StringComparison.Ordinal)
        : key.StartsWith(rename.Ours, StringComparison.Ordinal) ? rename.Ldm + key[rename.Ours.Length..]
        : key);
}
