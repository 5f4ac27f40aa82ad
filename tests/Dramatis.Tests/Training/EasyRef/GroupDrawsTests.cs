using Dramatis.Training.EasyRef;
using Dramatis.Training.Records;

namespace Dramatis.Tests.Training.EasyRef;

public sealed class GroupDrawsTests
{
    private static readonly GroupOptions Options = new() { Seed = 5 };

    [Theory]
    [InlineData(3, 2, 2)]
    [InlineData(10, 2, 9)]
    [InlineData(40, 2, 27)]    // of the 28 that may stay
    public void Groups_are_cut_to_any_count_from_two_up(int references, int least, int most)
    {
        var kept = Enumerable.Range(0, 4000).Select(i => GroupDraws.Of(Options, Record(references), i).Kept).ToList();

        var share = kept.Count(count => count is not null) / 4000.0;
        Assert.InRange(share, Options.Truncate - .03, Options.Truncate + .03);
        Assert.Equal(Enumerable.Range(least, most - least + 1), kept.OfType<int>().Distinct().Order());
    }

    [Fact]
    public void Two_references_both_stay() => Assert.All(Enumerable.Range(0, 200), i => Assert.Null(GroupDraws.Of(Options, Record(2), i).Kept));

    [Fact]
    public void Every_reference_comes_once_in_an_order_that_depends_on_the_number_alone()
    {
        var first = GroupDraws.Of(Options, Record(9), 3);

        Assert.Equal(Enumerable.Range(0, 9), first.Order.Order());
        Assert.Equal(first.Order, GroupDraws.Of(Options, Record(9), 3).Order);
        Assert.NotEqual(first.Order, GroupDraws.Of(Options, Record(9), 4).Order);
        Assert.Equal(Enumerable.Range(0, 9), GroupDraws.Of(Options with { KeepOrder = true }, Record(9), 3).Order);
    }

    // The thresholds are added up in double precision: 0.1 and 0.15 fall into the last kind.
    [Theory]
    [InlineData(.049, true, false)]
    [InlineData(.05, false, true)]
    [InlineData(.0999, false, true)]
    [InlineData(.10, true, true)]
    [InlineData(.1499, true, true)]
    [InlineData(.15, true, true)]
    [InlineData(.1501, false, false)]
    public void A_draw_says_what_is_left_out(double draw, bool images, bool text) => Assert.Equal(new(images, text), ConditionDrops.From(draw));

    [Theory]
    [InlineData(.04, true, false)]
    [InlineData(.2, false, true)]
    [InlineData(.26, true, true)]
    [InlineData(.31, false, false)]
    public void Words_may_be_left_out_more_often(double draw, bool images, bool text) => Assert.Equal(new(images, text), ConditionDrops.From(draw, text: .2));

    private static GroupRecord Record(int references) => new()
    {
        Number = 1,
        Target = "t.png",
        References = [.. Enumerable.Range(0, references).Select(i => $"{i}.png")],
        Texts = ["a"],
    };
}
