using Dramatis.Errors;
using Dramatis.Networks.Dino;
using TorchSharp;
using static TorchSharp.torch;

namespace Dramatis.Tests.Networks.Dino;

public sealed class DinoEncoderTests
{
    private static readonly DinoConfig Tiny = new() { Width = 16, Layers = 2, Heads = 2, InnerWidth = 32, Side = 12, Patch = 4 };

    public static IEnumerable<TheoryDataRow<bool>> Versions() => [new(false), new(true)];

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_picture_of_any_size_becomes_a_token_for_each_whole_patch_and_one_more(bool second)
    {
        using var scope = NewDisposeScope();
        using var encoder = new DinoEncoder(Tiny with { IsSecond = second });

        Assert.Equal([2, 10, 16], encoder.forward(randn(2, 3, 12, 12)).shape);
        Assert.Equal([1, 1 + (2 * 5), 16], encoder.forward(randn(1, 3, 11, 20)).shape);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void Pixels_beyond_the_last_whole_patch_do_not_count(bool original)
    {
        using var scope = NewDisposeScope();
        using var encoder = new DinoEncoder(Tiny with { OriginalPositions = original });
        var picture = randn(1, 3, 19, 15);

        Assert.True((encoder.forward(picture) - encoder.forward(picture[.., .., ..16, ..12])).abs().max().item<float>() < 1e-5f);
    }

    [Fact]
    public void The_two_ways_to_move_positions_agree_at_the_learned_size_only()
    {
        using var scope = NewDisposeScope();
        var learned = randn(1, 1 + 9, 16);

        Assert.True(DinoPositions.For(learned, 3, 3, original: true).equal(learned).all().item<bool>());
        Assert.True(DinoPositions.For(learned, 3, 3, original: false).equal(learned).all().item<bool>());
        Assert.False(DinoPositions.For(learned, 4, 5, original: true).equal(DinoPositions.For(learned, 4, 5, original: false)).all().item<bool>());
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void Every_weight_but_that_of_hidden_patches_gets_a_gradient(bool second)
    {
        using var scope = NewDisposeScope();
        using var encoder = new DinoEncoder(Tiny with { IsSecond = second });

        encoder.forward(randn(2, 3, 12, 12)).pow(3).sum().backward();

        Assert.DoesNotContain(
            encoder.named_parameters(),
            item => item.name != "embeddings.mask_token" && (item.parameter.grad is not { } grad || grad.abs().max().item<float>() == 0));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_call_leaves_no_tensor_behind(bool second)
    {
        using var encoder = new DinoEncoder(Tiny with { IsSecond = second });
        DisposeScopeManager.Statistics.Reset();

        using (NewDisposeScope())
        {
            encoder.forward(randn(1, 3, 16, 20)).sum().backward();
        }

        Assert.Equal(0, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Theory]
    [InlineData("""{ "model_type": "swin" }""", "model_type")]
    [InlineData("""{ "model_type": "dinov2", "use_swiglu_ffn": true }""", "use_swiglu_ffn")]
    [InlineData("""{ "hidden_act": "relu" }""", "hidden_act")]
    [InlineData("""{ "hidden_size": 10, "num_hidden_layers": 1, "num_attention_heads": 3, "intermediate_size": 4 }""", "num_attention_heads")]
    public void Settings_of_another_network_are_refused(string json, string field)
    {
        Assert.Contains(field, Assert.Throws<InvalidConfigException>(() => DinoConfig.Parse(json)).Message, StringComparison.Ordinal);
    }
}
