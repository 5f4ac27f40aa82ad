using Dramatis.Checkpoints;
using Dramatis.Errors;
using Dramatis.Methods.Lora;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Tests.Methods.Lora;

public sealed class LoraFileTests(ToyboxModel toybox) : IClassFixture<ToyboxModel>, IDisposable
{
    private const string Attention = "down_blocks.1.attentions.0.transformer_blocks.0";

    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;
    private readonly BaseModel model = toybox.Model;

    private string File => Path.Combine(folder, LoraWriter.FileName);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(LoraLayout.Diffusers)]
    [InlineData(LoraLayout.Peft)]
    [InlineData(LoraLayout.Kohya)]
    public void What_is_written_is_read_back_to_the_bit_with_ranks_and_factors_of_their_own(LoraLayout layout)
    {
        using var written = new WeightPatch("", Changes());
        LoraWriter.Write(File, [.. written.Changes.Cast<LowRankChange>()], layout);

        using var read = LoraFile.Read(File, model);

        var byName = read.Changes.Cast<LowRankChange>().ToDictionary(change => (change.Network, change.Weight));
        Assert.Equal(written.Changes.Count, byName.Count);
        Assert.All(written.Changes.Cast<LowRankChange>(), change =>
        {
            var own = byName[(change.Network, change.Weight)];
            Assert.Equal(change.Factor, own.Factor, 1e-6);
            Assert.True(change.Down.equal(own.Down).all().item<bool>() && change.Up.equal(own.Up).all().item<bool>());
        });
    }

    [Theory]
    [InlineData(TensorType.F16, 1e-3)]
    [InlineData(TensorType.BF16, 1e-2)]
    public void Half_precision_files_are_as_good_as_their_bits(Enum type, double tolerance)
    {
        using var written = new WeightPatch("", Changes());
        LoraWriter.Write(File, [.. written.Changes.Cast<LowRankChange>()], LoraLayout.Kohya, (TensorType)type);

        using var read = LoraFile.Read(File, model);

        var first = (LowRankChange)read.Changes.First(change => change.Weight == $"{Attention}.attn2.to_k.weight");
        Assert.Equal(float32, first.Down.dtype);
        Assert.True(((LowRankChange)written.Changes[0]).Down.allclose(first.Down, rtol: tolerance, atol: tolerance));
    }

    [Fact]
    public void Without_a_word_on_it_alpha_is_the_rank()
    {
        using var scope = NewDisposeScope();
        Checkpoint.Save(
            new Dictionary<string, Tensor>
            {
                [$"unet.{Attention}.attn2.to_k.lora_A.weight"] = ones(3, 192),
                [$"unet.{Attention}.attn2.to_k.lora_B.weight"] = ones(Rows("attn2.to_k"), 3)
            },
            File);

        using var read = LoraFile.Read(File, model);

        Assert.Equal(1, ((LowRankChange)read.Changes.Single()).Factor);
    }

    [Fact]
    public void A_file_that_rescales_weights_besides_is_refused()
    {
        using var scope = NewDisposeScope();
        Checkpoint.Save(
            new Dictionary<string, Tensor>
            {
                [$"unet.{Attention}.attn2.to_k.lora_A.weight"] = ones(3, 192),
                [$"unet.{Attention}.attn2.to_k.lora_B.weight"] = ones(Rows("attn2.to_k"), 3)
            },
            File,
            metadata: new Dictionary<string, string> { ["lora_adapter_metadata"] = """{"unet.use_dora": true}""" });

        Assert.Contains("DoRA", Assert.Throws<InvalidCheckpointException>(() => LoraFile.Read(File, model)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_without_a_layer_are_named_all()
    {
        using var scope = NewDisposeScope();
        Checkpoint.Save(
            new Dictionary<string, Tensor> { ["unet.a.lora_A.weight"] = ones(3, 4), ["unet.a.lora_B.weight"] = ones(4, 3) },
            File);

        var error = Assert.Throws<WeightMismatchException>(() => LoraFile.Read(File, model));

        Assert.Equal(["unet.a.lora_A.weight", "unet.a.lora_B.weight"], error.Unexpected);
    }

    private long Rows(string layer) => model.UNet.get_parameter($"{Attention}.{layer}.weight")!.shape[0];

    // A matrix, a kernel, and a text encoder's, each of a rank and factor of its own.
    private List<WeightChange> Changes()
    {
        using var random = new Generator(3, CPU);
        return
        [
            Of(ModelNetwork.UNet, $"{Attention}.attn2.to_k.weight", 4, 1),
            Of(ModelNetwork.UNet, $"{Attention}.attn1.to_out.0.weight", 2, .5),
            Of(ModelNetwork.UNet, "down_blocks.1.resnets.0.conv1.weight", 3, 2),
            Of(ModelNetwork.TextEncoder, "text_model.encoder.layers.0.self_attn.q_proj.weight", 4, 1),
            Of(ModelNetwork.TextEncoder, "text_model.encoder.layers.0.mlp.fc1.weight", 4, .25),
        ];

        LowRankChange Of(ModelNetwork network, string weight, long rank, double factor)
        {
            var shape = (network == ModelNetwork.UNet ? (nn.Module)model.UNet : model.TextEncoder).get_parameter(weight)!.shape;
            return new(
                network,
                weight,
                randn([rank, .. shape[1..]], generator: random).DetachFromDisposeScope(),
                randn([shape[0], rank, .. shape[2..].Select(_ => 1L)], generator: random).DetachFromDisposeScope(),
                factor);
        }
    }
}
