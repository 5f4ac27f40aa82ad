using Dramatis.Networks.Blocks;
using Dramatis.Networks.UNet;
using Dramatis.Training.Toybox;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Tests.Training.Toybox;

public sealed class GrownUNetTests(SmallToybox toybox) : IClassFixture<SmallToybox>
{
    [Fact]
    public void The_levels_of_the_small_network_become_the_inner_ones()
    {
        using var scope = NewDisposeScope();
        using var small = ModelFolder.Open(toybox.Folder).LoadUNet();
        using var large = new UNet(ToyboxSizes.LargeBase.UNet);
        using var weights = toybox.Part("unet").OpenWeights();

        Assert.True(GrownUNet.IsLargerThan(small.Config, large.Config));
        var taken = GrownUNet.Take(large, weights);

        // All but those that see the width of the new level, or a level's place at the outside.
        Assert.InRange(taken, small.named_parameters().Count() - 20, small.named_parameters().Count() - 8);
        Assert.True(Weight(small, "down_blocks.2.resnets.0.conv1.weight").equal(Weight(large, "down_blocks.3.resnets.0.conv1.weight")).all().item<bool>());
        Assert.True(Weight(small, "up_blocks.1.resnets.0.conv1.weight").equal(Weight(large, "up_blocks.1.resnets.0.conv1.weight")).all().item<bool>());
        Assert.Equal(small.Sites.Select(site => GrownUNet.NameOf(site.Path)), large.Sites.Where(site => site.Width != large.Config.BlockWidths[0]).Select(site => site.Path));
    }

    [Fact]
    public void The_new_level_lets_everything_pass_at_first()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var large = new UNet(ToyboxSizes.LargeBase.UNet);
        using var weights = toybox.Part("unet").OpenWeights();

        GrownUNet.Take(large, weights);

        var ends = large.named_parameters().Where(item => item.name.Contains(".conv2.", StringComparison.Ordinal) || item.name.Contains(".proj_out.", StringComparison.Ordinal));
        Assert.All(ends, item => Assert.Equal(IsNew(item.name), item.parameter.count_nonzero().item<long>() == 0));

        static bool IsNew(string name) => name.StartsWith("down_blocks.0.", StringComparison.Ordinal) || name.StartsWith("up_blocks.3.", StringComparison.Ordinal);
    }

    [Fact]
    public void The_outer_level_knows_the_noise_level()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var config = ToyboxSizes.LargeBase.UNet;
        using var block = new ResnetBlock2D(new(config.BlockWidths[0], config.BlockWidths[0], config.NormGroups, config.NormEpsilon, config.TimeWidth));
        var x = randn(1, config.BlockWidths[0], 8, 8);

        var changed = (block.forward(x, randn(1, config.TimeWidth)) - block.forward(x, randn(1, config.TimeWidth))).abs().mean().item<float>();

        Assert.True(changed > .01, $"{changed}");
    }

    [Fact]
    public void A_network_of_the_same_levels_is_not_a_smaller_one()
    {
        Assert.False(GrownUNet.IsLargerThan(ToyboxSizes.Base.UNet, ToyboxSizes.Base.UNet));
        Assert.False(GrownUNet.IsLargerThan(ToyboxSizes.LargeBase.UNet, ToyboxSizes.Base.UNet));
    }

    [Fact]
    public void The_width_of_the_noise_level_is_said_where_it_is_no_matter_of_course()
    {
        var large = ToyboxSizes.LargeBase.UNet;

        Assert.Equal(large.TimeWidth, UNetConfig.Parse(large.ToJson()).TimeWidth);
        Assert.Contains("\"time_embedding_dim\": 256", large.ToJson(), StringComparison.Ordinal);
        Assert.DoesNotContain("time_embedding_dim", ToyboxSizes.Base.UNet.ToJson(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_large_networks_take_over_a_whole_small_model()
    {
        using var networks = new BaseNetworks(ToyboxSizes.LargeBase, TinyBase.Process);

        networks.LoadFrom(toybox.Folder);

        Assert.Equal(256, networks.UNet.Config.TimeWidth);
    }

    [Fact]
    public void The_adapter_keeps_its_layers_under_their_new_numbers()
    {
        using var scope = NewDisposeScope();
        using var networks = new BaseNetworks(ToyboxSizes.LargeBase, TinyBase.Process);
        using var small = ModelFolder.Open(toybox.Folder).LoadUNet();
        using var weights = toybox.Part(ModelFolder.AdapterName("ms-diffusion")).OpenWeights();

        networks.LoadFrom(toybox.Folder);

        var grown = networks.Adapter.state_dict();
        Assert.Equal(small.Sites.Count + 3, networks.UNet.Sites.Count);    // on both ways of the level outside
        foreach (var site in small.Sites)
        {
            var number = networks.UNet.Sites.Single(other => other.Path == GrownUNet.NameOf(site.Path)).LayerNumber;
            Assert.True(grown[$"ms_adapter.{number}.to_k_ip.weight"].equal(weights.ToTensor($"ms_adapter.{site.LayerNumber}.to_k_ip.weight").to(ScalarType.Float32)).all().item<bool>());
        }
    }

    private static TorchSharp.Modules.Parameter Weight(UNet network, string name) => network.named_parameters().First(item => item.name == name).parameter;
}
