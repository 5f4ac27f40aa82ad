using Dramatis.Errors;
using Dramatis.Training.Toybox;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Tests.Training.Toybox;

public sealed class GrownVaeTests
{
    private const double Tolerance = 2e-4;

    private static readonly string Folder = Repository.PathOf("models", "toybox");

    [Theory]
    [InlineData(1, 16, 32, 128, 192)]
    [InlineData(2, 16, 32, 64, 96)]
    [InlineData(2, 32, 64, 128, 192)]
    public void A_grown_network_does_at_first_what_the_small_one_does(int layers, params int[] widths)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var small = ModelFolder.LoadVae(ModelPart.Open(Path.Combine(Folder, "vae")));
        using var grown = GrownVae.Load(Folder, small.Config with { LayersPerBlock = layers, BlockWidths = widths }, seed: 1);
        var pixels = rand(1, 3, 32, 32) - .5;

        Assert.True((small.Encode(pixels).Mean - grown.Encode(pixels).Mean).abs().max().item<float>() < Tolerance);
        Assert.True((small.forward(pixels) - grown.forward(pixels)).abs().max().item<float>() < Tolerance);
    }

    [Fact]
    public void Copies_of_a_channel_are_read_with_different_weights()
    {
        using var scope = NewDisposeScope();
        using var grown = GrownVae.Load(Folder, ToyboxSizes.Vae with { BlockWidths = [16, 32, 128, 192] }, seed: 1);
        var weight = grown.named_parameters().First(item => item.name == "encoder.mid_block.resnets.0.conv1.weight").parameter;

        Assert.True((weight[.., 0] - weight[.., 1]).abs().mean().item<float>() > 1e-4);
    }

    [Theory]
    [InlineData(8, 16, 32, 64, 100)]
    [InlineData(8, 32, 32, 64, 96)]
    [InlineData(4, 16, 32, 64, 96)]
    public void A_network_of_other_sizes_does_not_grow(int latents, params int[] widths)
    {
        var failure = Assert.Throws<InvalidCheckpointException>(
            () => GrownVae.Load(Folder, ToyboxSizes.Vae with { LatentChannels = latents, BlockWidths = widths }, seed: 1));

        Assert.Contains("cannot grow", failure.Message, StringComparison.Ordinal);
    }
}
