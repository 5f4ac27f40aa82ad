using Dramatis.Requests;
using Dramatis.Tensors;
using Dramatis.Toybox;

namespace Dramatis.Tests.Toybox;

public sealed class MarginsTests
{
    private const int Scenes = 40;
    private const double Rounding = 1e-12;

    [Fact]
    public void The_margins_between_two_boxes_lead_from_one_to_the_other()
    {
        var (tight, place) = (new Box(.2, .3, .5, .9), new Box(.15, .3, .56, 1));

        var around = Margins.Between(tight, place).Around(tight);

        Assert.Equal(place.Left, around.Left, Rounding);
        Assert.Equal(place.Top, around.Top, Rounding);
        Assert.Equal(place.Right, around.Right, Rounding);
        Assert.Equal(place.Bottom, around.Bottom, Rounding);
    }

    [Fact]
    public void No_place_of_a_scene_cuts_its_subject()
    {
        var maker = new SceneMaker(BenchBank.Bank, new Backgrounds(1), seed: 1, new() { LoosePlaces = 1 });

        Assert.All(Enumerable.Range(0, Scenes).SelectMany(i => maker.Make(i).Parts), part =>
        {
            var margins = Margins.Between(part.Tight, part.Place);
            Assert.True(Math.Min(Math.Min(margins.Left, margins.Top), Math.Min(margins.Right, margins.Bottom)) >= 0);
        });
    }

    // On a plain ground the margin is the ground's colour, up to the soft edge that the cut-out itself leaves outside its box.
    [Fact]
    public void A_reference_shows_its_subject_as_far_from_the_edge_as_the_margins_say()
    {
        const int side = 64;
        const int edge = side / 4;
        const int soft = 3;
        var maker = new ReferenceMaker(BenchBank.Bank, new Backgrounds(1), onScene: 0);

        var rgb = maker.Draw(BenchBank.Bank.HeldOut[0], View.Plain, new(0, .5, 0, .5), side, new StableRandom(1, 0));

        var top = rgb.AsSpan(0, 3 * side * (edge - soft)).ToArray();
        Assert.All(top, value => Assert.Equal(rgb[0], value));
        Assert.Contains(rgb.AsSpan(3 * side * (edge + 1), 3 * side).ToArray(), value => value != rgb[0]);
    }
}
