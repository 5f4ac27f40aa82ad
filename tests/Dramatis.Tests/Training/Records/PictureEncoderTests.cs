using Dramatis.Tensors;
using Dramatis.Training.Records;
using static TorchSharp.torch;

namespace Dramatis.Tests.Training.Records;

public sealed class PictureEncoderTests(ToyboxModel toybox) : IClassFixture<ToyboxModel>
{
    [Theory]
    [InlineData(0, 0, 10)]
    [InlineData(.4, 150, 250)]
    [InlineData(1, 500, 500)]
    public void The_noisiest_level_is_drawn_as_often_as_is_asked(double noisiest, int least, int most)
    {
        using var scope = NewDisposeScope();
        var encoder = new PictureEncoder(toybox.Model);
        var latents = zeros(toybox.Model.Vae.Config.LatentChannels, 2, 2);
        var picture = new EncodedPicture(latents, latents, zeros(1, 1), null, zeros(6));

        var levels = Enumerable.Range(0, 500).Select(i => encoder.Draw(picture, new StableRandom(1, i, 0), 1000, noisiest).Timestep).ToArray();

        Assert.InRange(levels.Count(level => level == 999), least, most);
        Assert.All(levels, level => Assert.InRange(level, 0, 999));
    }
}
