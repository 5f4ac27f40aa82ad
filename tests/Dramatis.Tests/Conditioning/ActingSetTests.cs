using Dramatis.Conditioning;
using Dramatis.Schedules;

namespace Dramatis.Tests.Conditioning;

public sealed class ActingSetTests
{
    [Fact]
    public void However_many_there_are_sets_of_the_same_are_equal_and_others_are_not()
    {
        var influences = Enumerable.Range(0, 70).Select(i => new Influence(Start: i == 69 ? .5 : 0));
        var (first, second, last) = (At(0), At(1), At(3));

        Assert.Equal(first, second);
        Assert.Equal(first.GetHashCode(), second.GetHashCode());
        Assert.NotEqual(first, last);
        Assert.Equal((true, false, true), (first[68], first[69], last[69]));
        Assert.False(first.IsEmpty);

        ActingSet At(int step) => ActingSet.At(new StepInfo(step, 4, 1, .5), influences);
    }

    [Fact]
    public void Who_has_no_strength_or_is_none_does_not_act() =>
        Assert.True(ActingSet.At(new StepInfo(0, 4, 1, .5), [null, new(0)]).IsEmpty);
}
