using Dramatis.Training.Toybox;
using static TorchSharp.torch;

namespace Dramatis.Tests.Training.Toybox;

public sealed class PictureCodesTests
{
    private const float Rounding = 1e-4f;

    [Fact]
    public void Codes_lie_around_a_place_at_one_distance_and_are_alike_for_what_looks_alike()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        manual_seed(3);
        var around = randn(16);
        var features = randn(20, 5, 8);
        features[1] = features[0] + (.01 * randn(5, 8));

        var codes = PictureCodes.Of(features, around, seed: 1) - (.6 * around);

        Assert.Equal([20, 16], codes.shape);
        Assert.All(codes.norm(1).data<float>().ToArray(), length => Assert.Equal((float)PictureCodes.Length, length, Rounding));
        var near = cdist(codes, codes)[0];
        Assert.Equal([0, 1], near.argsort()[..2].data<long>().ToArray());
    }
}
