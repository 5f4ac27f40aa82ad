using Dramatis.Benches.Metrics;
using static TorchSharp.torch;

namespace Dramatis.Tests.Benches.Metrics;

public sealed class FrechetDistanceTests
{
    [Fact]
    public void Equal_sets_are_at_no_distance()
    {
        using var scope = NewDisposeScope();
        var features = randn(40, 6);

        Assert.Equal(0, FrechetDistance.Of(features, features), 1e-6);
    }

    [Fact]
    public void A_shift_counts_by_its_square_and_a_stretch_by_the_difference_of_deviations()
    {
        using var scope = NewDisposeScope();
        var features = randn(40, 6).to(float64);
        var variances = features.@var(0);

        Assert.Equal(6 * 9, FrechetDistance.Of(features, features + 3), 1e-6);
        Assert.Equal(variances.sum().item<double>(), FrechetDistance.Of(features, (2 * features) - features.mean([0])), 1e-6);
    }
}
