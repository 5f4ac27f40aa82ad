using Dramatis.Training.Toybox;

namespace Dramatis.Tests.Training.Toybox;

public sealed class BpeLearnerTests
{
    [Fact]
    public void The_commonest_pair_comes_first_and_the_first_by_its_letters_among_equals()
    {
        // lo 6 times, low and est after that, then what is made of merges.
        var words = Enumerable.Repeat("low", 4).Concat(Enumerable.Repeat("lot", 2)).Concat(Enumerable.Repeat("est", 3));

        Assert.Equal([("l", "o"), ("lo", "w"), ("e", "s"), ("es", "t"), ("lo", "t")], BpeLearner.Learn(words, 10));
        Assert.Equal([("l", "o"), ("lo", "w")], BpeLearner.Learn(words, 2));
    }

    [Fact]
    public void Pairs_that_come_once_are_not_merged() => Assert.Empty(BpeLearner.Learn(["fox", "ape"], 10));

    [Fact]
    public void Letters_in_a_row_are_merged_from_the_left() => Assert.Equal([("a", "a"), ("aa", "a")], BpeLearner.Learn(["aaa", "aaa"], 10));
}
