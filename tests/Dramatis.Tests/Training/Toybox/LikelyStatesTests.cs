using Dramatis.Training.Toybox;
using static TorchSharp.torch;

namespace Dramatis.Tests.Training.Toybox;

public sealed class LikelyStatesTests
{
    [Fact]
    public void What_depends_on_features_in_a_straight_line_is_found_for_pictures_without_names()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1, CPU);
        var hidden = randn([260, 6], generator: generator);
        hidden -= hidden.mean([0], keepdim: true);
        var features = hidden.matmul(randn([6, 40], generator: generator)).view(260, 4, 10);
        var states = hidden.matmul(randn([6, 8], generator: generator));

        var likely = new LikelyStates(features[..200], states[..200]).Of(features[200..]);

        var off = (likely - states[200..]).square().mean() / states[200..].square().mean();
        Assert.InRange(off.item<float>(), 0, .01f);
    }

    [Fact]
    public void Other_colours_are_all_different_and_leave_grey()
    {
        byte[] pixels = [10, 20, 30, 7, 7, 7];

        byte[][] all = [.. ChannelOrders.Others.Select(order => order.Of(pixels)), pixels];

        Assert.Equal(6, all.Select(item => string.Join(' ', item)).Distinct().Count());
        Assert.All(all, item => Assert.Equal([7, 7, 7], item[3..]));
        Assert.All(all, item => Assert.Equal<byte>([10, 20, 30], [.. item[..3].Order()]));
    }
}
