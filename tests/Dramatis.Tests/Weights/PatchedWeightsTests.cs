using Dramatis.Errors;
using Dramatis.Weights;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Tests.Weights;

public sealed class PatchedWeightsTests(ToyboxModel toybox) : IClassFixture<ToyboxModel>
{
    private const string Keys = "down_blocks.1.attentions.0.transformer_blocks.0.attn2.to_k.weight";
    private const string Convolution = "down_blocks.1.resnets.0.conv1.weight";

    private readonly BaseModel model = toybox.Model;

    [Fact]
    public void Loading_changing_and_unloading_leave_every_weight_of_the_base_bit_for_bit()
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var before = Snapshot();
        using var one = Patch(1, Word("<one>", 2));
        using var two = Patch(2);
        using (var patched = new PatchedWeights(model))
        {
            patched.Apply(new ScaledPatch(one));
            patched.Apply(new(one, .5), new(two, -1));
            Assert.NotEmpty(Changed(before));
            patched.Remove();
            Assert.Empty(Changed(before));
            patched.Apply(new ScaledPatch(two));
        }

        Assert.Empty(Changed(before));
    }

    [Fact]
    public void A_patch_of_scale_0_is_not_there()
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var before = Snapshot();
        using var patch = Patch(1, Word("<one>", 1));
        using var patched = new PatchedWeights(model);

        patched.Apply(new ScaledPatch(patch, 0));

        Assert.Empty(Changed(before));
        Assert.Equal(Snapshot().Keys, before.Keys);
    }

    [Fact]
    public void Several_patches_add_up_in_any_order()
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        using var one = Patch(1);
        using var two = Patch(2);
        var start = model.UNet.get_parameter(Keys)!.clone();
        using var patched = new PatchedWeights(model);

        var first = Keep(new(one, .5), new(two, 2));
        var second = Keep(new(two, 2), new(one, .5));

        var expected = start + (.5 * (Keep(new ScaledPatch(one)) - start)) + (2 * (Keep(new ScaledPatch(two)) - start));
        Assert.True(first.allclose(second, rtol: 1e-5, atol: 1e-6));
        Assert.True(first.allclose(expected, rtol: 1e-5, atol: 1e-6));

        Tensor Keep(params ScaledPatch[] patches)
        {
            patched.Apply(patches);
            return model.UNet.get_parameter(Keys)!.clone();
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_merged_change_is_the_same_layer_as_one_beside_it(int kernel)
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(5, CPU);
        var (weight, down, up) = (Random(6, 4, kernel, kernel), Random(2, 4, kernel, kernel), Random(6, 2, 1, 1));
        var x = Random(2, 4, 5, 5);
        var change = new LowRankChange(ModelNetwork.UNet, Convolution, down, up, .75);

        var merged = Convolve(x, change.Apply(weight, .5));
        var beside = Convolve(x, weight) + (.5 * .75 * functional.conv2d(Convolve(x, down), up));

        Assert.True(merged.allclose(beside, rtol: 1e-4, atol: 1e-5));

        Tensor Random(params long[] shape) => randn(shape, generator: random);

        Tensor Convolve(Tensor input, Tensor kernels) => functional.conv2d(input, kernels, padding: [kernel / 2, kernel / 2]);
    }

    [Fact]
    public void A_patch_of_another_model_is_refused_and_none_is_on_it()
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var before = Snapshot();
        using var fitting = Patch(1);
        using var other = new WeightPatch("other.safetensors", [new NewValues(ModelNetwork.UNet, Keys, zeros(3, 3)),
            new NewValues(ModelNetwork.UNet, "nowhere.weight", zeros(1))]);
        using var patched = new PatchedWeights(model);

        var error = Assert.Throws<WeightMismatchException>(() => patched.Apply(new(fitting), new(other)));

        Assert.Contains("other.safetensors", error.Message, StringComparison.Ordinal);
        Assert.Contains("unet.nowhere.weight", error.Message, StringComparison.Ordinal);
        Assert.Empty(Changed(before));
    }

    [Fact]
    public void A_word_is_known_while_its_patch_is_on_and_means_all_of_its_rows()
    {
        using var off = no_grad();
        var plain = model.Tokenizer.EncodeWords("a <one> toy");
        using var patch = new WeightPatch("one.safetensors", [Word("<one>", 2)]);
        using (var patched = new PatchedWeights(model))
        {
            patched.Apply(new ScaledPatch(patch));
            var first = (int)model.TextEncoder.get_parameter("text_model.embeddings.token_embedding.weight")!.shape[0] - 2;
            Assert.Equal([.. model.Tokenizer.EncodeWords("a"), first, first + 1, .. model.Tokenizer.EncodeWords("toy")],
                model.Tokenizer.EncodeWords("a <one> toy"));
            Assert.Equal([first + 1], model.Tokenizer.EncodeWords("<one>_1"));
        }

        Assert.Equal(plain, model.Tokenizer.EncodeWords("a <one> toy"));
    }

    [Fact]
    public void Two_files_with_one_word_are_refused_and_none_is_on_it()
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var before = Snapshot();
        using var one = new WeightPatch("one.safetensors", [Word("<cat>", 2)]);
        using var two = new WeightPatch("two.safetensors", [Word("<cat>", 1)]);
        using var patched = new PatchedWeights(model);

        var error = Assert.Throws<InvalidCheckpointException>(() => patched.Apply(new(one), new(two)));

        Assert.Contains("<cat>", error.Message, StringComparison.Ordinal);
        Assert.Empty(Changed(before));
    }

    [Fact]
    public void Nothing_is_left_alive()
    {
        using var off = no_grad();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (var patch = Patch(1, Word("<one>", 1)))
        {
            using var patched = new PatchedWeights(model);
            patched.Apply(new ScaledPatch(patch));
            patched.Apply(new ScaledPatch(patch, .5));
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private Dictionary<string, Tensor> Snapshot() => Weights().ToDictionary(item => item.Name, item => item.Weight.clone());

    private IEnumerable<string> Changed(Dictionary<string, Tensor> before) =>
        Weights().Where(item => !item.Weight.shape.SequenceEqual(before[item.Name].shape) || !item.Weight.equal(before[item.Name]).all().item<bool>())
            .Select(item => item.Name);

    private IEnumerable<(string Name, Tensor Weight)> Weights() =>
        model.UNet.named_parameters().Concat(model.TextEncoder.named_parameters()).Select(item => (item.name, (Tensor)item.parameter));

    private WeightPatch Patch(int seed, params WeightChange[] more) => new($"{seed}.safetensors", [LowRank(Keys, seed), LowRank(Convolution, seed), .. more]);

    private LowRankChange LowRank(string weight, int seed)
    {
        using var random = new Generator((ulong)seed, CPU);
        var shape = model.UNet.get_parameter(weight)!.shape;
        return new(ModelNetwork.UNet, weight, Own([2, .. shape[1..]]), Own([shape[0], 2, .. shape[2..].Select(_ => 1L)]), 1);

        Tensor Own(long[] sides) => randn(sides, generator: random).DetachFromDisposeScope();
    }

    private NewWord Word(string word, int rows) =>
        new(ModelNetwork.TextEncoder, word, randn(rows, model.TextEncoder.Config.Tower.Width).DetachFromDisposeScope());
}
