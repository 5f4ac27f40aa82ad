using Dramatis.Conditioning;
using Dramatis.Errors;
using Dramatis.Networks.UNet;
using TorchSharp;
using static TorchSharp.torch;

namespace Dramatis.Tests.Networks.UNet;

public sealed class UNetTests
{
    // Rounding of single precision through a network of width 16.
    private const float Rounding = 1e-5f;

    private static readonly UNetConfig Tiny = TinyUNet.Config;

    [Fact]
    public void Odd_sizes_come_back_as_they_were()
    {
        using var scope = NewDisposeScope();
        using var unet = new Dramatis.Networks.UNet.UNet(Tiny);

        var result = unet.forward(randn(2, 4, 5, 7), tensor([3L, 999L]), Context(2));

        Assert.Equal([2, 4, 5, 7], result.shape);
    }

    [Fact]
    public void A_row_does_not_depend_on_the_other_rows()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var unet = new Dramatis.Networks.UNet.UNet(Tiny);
        var (latents, times, text) = (randn(3, 4, 8, 8), tensor([3L, 500L, 999L]), randn(3, 5, 12));

        var together = unet.forward(latents, times, new(default, text, ConditioningSession.None));
        var alone = unet.forward(latents[1..2], times[1..2], new(default, text[1..2], ConditioningSession.None));

        Assert.True((together[1..2] - alone).abs().max().item<float>() < Rounding);
    }

    [Fact]
    public void Sites_are_numbered_down_up_middle_and_name_their_layers()
    {
        using var unet = new Dramatis.Networks.UNet.UNet(Tiny with { TransformerLayers = [1, 2] });

        Assert.Equal(
            [
                "down_blocks.0.attentions.0.transformer_blocks.0.attn2",
                "down_blocks.1.attentions.0.transformer_blocks.0.attn2",
                "down_blocks.1.attentions.0.transformer_blocks.1.attn2",
                "up_blocks.0.attentions.0.transformer_blocks.0.attn2",
                "up_blocks.0.attentions.0.transformer_blocks.1.attn2",
                "up_blocks.0.attentions.1.transformer_blocks.0.attn2",
                "up_blocks.0.attentions.1.transformer_blocks.1.attn2",
                "up_blocks.1.attentions.0.transformer_blocks.0.attn2",
                "up_blocks.1.attentions.1.transformer_blocks.0.attn2",
                "mid_block.attentions.0.transformer_blocks.0.attn2",
                "mid_block.attentions.0.transformer_blocks.1.attn2",
            ],
            unet.Sites.Select(site => site.Path));
        Assert.Equal(Enumerable.Range(0, 11), unet.Sites.Select(site => site.Index));
        Assert.All(unet.Sites, site => Assert.Contains($"{site.Path}.to_k.weight", unet.state_dict().Keys));
    }

    [Fact]
    public void A_fresh_network_has_finite_weights_and_every_one_gets_a_gradient()
    {
        using var scope = NewDisposeScope();
        using var unet = new Dramatis.Networks.UNet.UNet(Tiny);

        unet.forward(randn(2, 4, 8, 8), tensor([3L, 999L]), Context(2)).square().mean().backward();

        Assert.All(unet.parameters(), weight => Assert.True(weight.isfinite().all().item<bool>()));
        Assert.DoesNotContain(
            unet.named_parameters(),
            item => item.parameter.grad is not { } grad || grad.abs().max().item<float>() == 0);
    }

    [Fact]
    public void A_network_that_wants_sizes_and_pooled_text_says_so()
    {
        using var scope = NewDisposeScope();
        using var unet = new Dramatis.Networks.UNet.UNet(Tiny with { Added = new(PooledWidth: 6, NumberWidth: 4) });
        var added = new AddedConditions(randn(1, 6), randn(1, 6));

        var error = Assert.Throws<ArgumentException>(() => unet.forward(randn(1, 4, 8, 8), tensor([3L]), Context(1)));
        var told = unet.forward(zeros(1, 4, 8, 8), tensor([3L]), Context(1) with { Added = added });

        Assert.Contains("StepContext.Added", error.Message, StringComparison.Ordinal);
        Assert.Equal([1, 4, 8, 8], told.shape);
    }

    [Fact]
    public void A_call_leaves_no_tensor_behind()
    {
        using var unet = new Dramatis.Networks.UNet.UNet(Tiny);

        Assert.Equal(0, LeakCheck.After(() => unet.forward(randn(1, 4, 8, 8), tensor([3L]), Context(1)).sum().backward()));
    }

    [Fact]
    public void A_call_that_is_stopped_ends_before_the_next_layer_and_leaves_no_tensor_behind()
    {
        using var unet = new Dramatis.Networks.UNet.UNet(Tiny);
        using var stop = new CancellationTokenSource();
        using var session = new StoppingSession(stop);
        DisposeScopeManager.Statistics.Reset();

        using (NewDisposeScope())
        {
            var context = Context(1) with { Session = session, Stop = stop.Token };
            Assert.Throws<OperationCanceledException>(() => unet.forward(randn(1, 4, 8, 8), tensor([3L]), context));
        }

        Assert.Equal(1, session.Visits);
        Assert.Equal(0, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Theory]
    [InlineData("\"down_block_types\": [\"AttnDownBlock2D\", \"DownBlock2D\"]", "AttnDownBlock2D")]
    [InlineData("\"block_out_channels\": [30, 32]", "30")]
    [InlineData("\"attention_head_dim\": 5", "5")]
    [InlineData("\"only_cross_attention\": [true]", "2 values")]
    [InlineData("\"only_cross_attention\": [true, 1]", "true or false")]
    public void A_config_that_cannot_be_built_names_the_value(string wrong, string named)
    {
        var field = wrong[..wrong.IndexOf(':', StringComparison.Ordinal)];
        string[] fields =
        [
            "\"block_out_channels\": [16, 32]",
            "\"down_block_types\": [\"CrossAttnDownBlock2D\", \"DownBlock2D\"]",
            "\"up_block_types\": [\"UpBlock2D\", \"CrossAttnUpBlock2D\"]",
            "\"norm_num_groups\": 8",
            "\"attention_head_dim\": 4",
        ];
        var json = $"{{ {string.Join(", ", fields.Where(line => !line.StartsWith(field, StringComparison.Ordinal)).Append(wrong))} }}";

        var error = Assert.Throws<InvalidConfigException>(() => UNetConfig.Parse(json));

        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, 0f)]
    [InlineData(false, .1f)]
    public void Where_attention_only_reads_the_text_no_cell_reads_another(bool onlyCross, float least)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var block = new TransformerBlock(new() { Index = 0, Path = "attn2", Width = 16, Heads = 2 }, textWidth: 12, onlyCross);
        var (cells, other, context) = (randn(1, 6, 16), randn(1, 1, 16), Context(1));

        var before = block.forward(cells, new(3, 2), context);
        var after = block.forward(cat([other * 10, cells[.., 1..]], dim: 1), new(3, 2), context);

        Assert.InRange((after - before)[.., 1..].abs().sum().item<float>(), least, onlyCross ? 0 : float.MaxValue);
    }

    [Fact]
    public void Levels_whose_attention_only_reads_the_text_are_named_in_the_settings()
    {
        var config = Tiny with { OnlyCross = [true, false] };
        using var unet = new Dramatis.Networks.UNet.UNet(config);

        var read = UNetConfig.Parse(config.ToJson());
        var all = UNetConfig.Parse(config.ToJson().Replace("[\n    true,\n    false\n  ]", "true", StringComparison.Ordinal));

        Assert.Equal([true, false], read.OnlyCross);
        Assert.Equal([true, true], all.OnlyCross);
        Assert.Null(UNetConfig.Parse(Tiny.ToJson()).OnlyCross);
        var weights = unet.state_dict();
        Assert.Equal([16, 12], weights["down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_k.weight"].shape);
        Assert.Equal([16, 12], weights["up_blocks.1.attentions.0.transformer_blocks.0.attn1.to_v.weight"].shape);
        Assert.Equal([32, 32], weights["mid_block.attentions.0.transformer_blocks.0.attn1.to_k.weight"].shape);
    }

    private static StepContext Context(int rows) => new(default, randn(rows, 5, 12), ConditioningSession.None);

    // At the first attention.
    private sealed class StoppingSession(CancellationTokenSource stop) : ConditioningSession
    {
        public int Visits { get; private set; }

        public override AttentionBranch? BranchAt(AttentionCall call)
        {
            Visits++;
            stop.Cancel();
            return null;
        }
    }
}
