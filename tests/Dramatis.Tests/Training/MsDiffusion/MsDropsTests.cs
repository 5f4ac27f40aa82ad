using Dramatis.Tensors;
using Dramatis.Training.MsDiffusion;

namespace Dramatis.Tests.Training.MsDiffusion;

public sealed class MsDropsTests
{
    // Four deviations of the share in so many draws.
    private const int Draws = 100_000;
    private const double Chance = .005;

    [Fact]
    public void Each_thing_is_left_out_as_often_as_in_the_reference()
    {
        var drops = Enumerable.Range(0, Draws).Select(i =>
        {
            var random = new StableRandom(1, i);
            return MsDrops.From(random.NextDouble(), random.NextDouble());
        }).ToArray();

        Assert.InRange(Share(drop => drop.Grounding), .1 - Chance, .1 + Chance);
        Assert.InRange(Share(drop => drop.Images && !drop.Text), .05 - Chance, .05 + Chance);
        Assert.InRange(Share(drop => drop.Text && !drop.Images), .05 - Chance, .05 + Chance);
        Assert.InRange(Share(drop => drop.Text && drop.Images), .05 - Chance, .05 + Chance);

        double Share(Func<MsDrops, bool> which) => drops.Count(which) / (double)Draws;
    }
}
