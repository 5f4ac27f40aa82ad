using Dramatis.Weights;

namespace Dramatis.Tests.Weights;

public sealed class KeyMapTests
{
    [Fact]
    public void Numbers_move_to_the_same_places()
    {
        var map = new KeyMap(("layers.{}.attn.{}.query", "blocks.{}.attentions.{}.to_q"));

        Assert.Equal("blocks.3.attentions.12.to_q", map.Find("layers.3.attn.12.query"));
    }

    [Theory]
    [InlineData("layers.x.query")]
    [InlineData("layers.3.query.weight")]
    [InlineData("layersX3.query")]
    public void A_key_that_no_rule_covers_in_full_has_no_name(string key)
    {
        var map = new KeyMap(("layers.{}.query", "blocks.{}.to_q"));

        Assert.Null(map.Find(key));
    }

    [Fact]
    public void A_star_stands_for_the_rest_of_a_key_and_the_first_rule_counts()
    {
        var map = new KeyMap(("blocks.{}.norm.*", "layers.{}.norm.*"), ("blocks.{}.*", "other.{}.*"));

        Assert.Equal("layers.2.norm.weight", map.Find("blocks.2.norm.weight"));
        Assert.Equal("other.2.conv.bias", map.Find("blocks.2.conv.bias"));
        Assert.Null(map.Find("blocks.2."));
    }

    [Fact]
    public void A_fused_key_is_several_weights_in_order()
    {
        var map = new KeyMap { Fused = [new("{}.in_proj", "{}.q", "{}.k", "{}.v")] };

        Assert.Equal([new("7.q", 0, 3), new("7.k", 1, 3), new WeightTarget("7.v", 2, 3)], map.TargetsOf("7.in_proj"));
        Assert.Equal([new WeightTarget("7.other")], map.TargetsOf("7.other"));
    }

    [Fact]
    public void Known_left_overs_are_ignored_and_nothing_else_is()
    {
        var map = new KeyMap { Ignored = [new("{}.position_ids", "counted, not learned")] };

        Assert.True(map.Ignores("0.position_ids"));
        Assert.False(map.Ignores("0.position_embeddings"));
    }
}
