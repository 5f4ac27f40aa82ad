using Dramatis.Conditioning;

namespace Dramatis.Tests.Conditioning;

public sealed class InfluenceTests
{
    // The rule of diffusers for a control's start and end.
    [Theory]
    [InlineData(30, 0, .5, 0, 15)]
    [InlineData(30, .3, 1, 9, 21)]
    [InlineData(4, .25, .75, 1, 2)]
    [InlineData(4, 0, .6, 0, 2)]
    [InlineData(4, .3, .7, 2, 0)]
    [InlineData(4, 0, 0, 0, 0)]
    [InlineData(1, 0, 1, 0, 1)]
    public void It_acts_in_the_steps_that_lie_between_start_and_end(int steps, double start, double end, int first, int count)
    {
        var influence = new Influence(Start: start, End: end);

        var acting = Enumerable.Range(0, steps).Where(index => influence.ActsAt(new(index, steps, 1, .5)));

        Assert.Equal(Enumerable.Range(first, count), acting);
    }
}
