using Dramatis.Networks.Clip;
using Dramatis.Training.Toybox;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Tests.Training.Toybox;

public sealed class GrownVisionTests(SmallToybox toybox) : IClassFixture<SmallToybox>
{
    private const double RoundingOnly = 2e-5;    // of the largest number

    [Fact]
    public void It_sees_of_an_enlarged_picture_what_the_small_network_sees_of_the_picture()
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        using var small = ModelFolder.LoadImageEncoder(toybox.Part("image_encoder"));
        using var weights = toybox.Part("image_encoder").OpenWeights();
        using var large = new ClipVisionEncoder(ToyboxSizes.Base.Seeing(128).Vision);

        Assert.True(GrownVision.IsLargerThan(small.Config, large.Config));
        GrownVision.Take(large, small.Config, weights);

        var picture = rand(2, 3, 64, 64);
        var twice = picture.repeat_interleave(2, 2).repeat_interleave(2, 3);
        var seen = small.forward(picture).LastHiddenState;
        var difference = large.forward(twice).LastHiddenState - seen;
        Assert.InRange((difference.abs().max() / seen.abs().max()).item<float>(), 0, RoundingOnly);
    }

    [Fact]
    public void One_with_other_tokens_is_no_larger_one()
    {
        var config = ToyboxSizes.Base.Vision;

        Assert.False(GrownVision.IsLargerThan(config, config));
        Assert.False(GrownVision.IsLargerThan(config, config with { Side = 2 * config.Side }));
        Assert.False(GrownVision.IsLargerThan(config, config with { Side = 2 * config.Side, Patch = 2 * config.Patch, Projection = 2 * config.Projection }));
    }
}
