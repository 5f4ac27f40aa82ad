using Dramatis.Tensors;
using Dramatis.Toybox;

namespace Dramatis.Tests.Toybox;

public sealed class ReferenceMakerTests
{
    private const int Side = 48;
    private const int Draws = 1000;

    [Fact]
    public void A_subject_that_reaches_the_edge_of_its_scene_is_drawn_like_any_other()
    {
        var maker = new ReferenceMaker(BenchBank.Bank, new Backgrounds(1), onScene: 1);
        var subjects = BenchBank.Bank.HeldOut;

        Assert.All(Enumerable.Range(0, Draws), i =>
        {
            var random = new StableRandom(1, i);
            Assert.Equal(Side * Side * 3, maker.Draw(subjects[i % subjects.Count], View.Draw(random), Margins.None, Side, random).Length);
        });
    }
}
