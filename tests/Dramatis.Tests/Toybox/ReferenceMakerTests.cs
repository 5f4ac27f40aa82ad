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

    [Fact]
    public void In_its_shape_a_reference_is_as_long_as_asked_for_and_as_wide_as_its_subject()
    {
        var maker = new ReferenceMaker(BenchBank.Bank, new Backgrounds(1), onScene: 0);

        Assert.All(BenchBank.Bank.HeldOut.Take(20), subject =>
        {
            var cutout = BenchBank.Bank.Cutouts[subject];
            var drawn = maker.DrawInShape(subject, View.Plain, Margins.None, Side, new(1, subject));

            Assert.Equal(Side, Math.Max(drawn.Width, drawn.Height));
            Assert.Equal((double)cutout.Width / cutout.Height, (double)drawn.Width / drawn.Height, .1 * cutout.Width / cutout.Height);
        });
    }
}
