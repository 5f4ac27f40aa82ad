using Dramatis.Toybox.Judging;

namespace Dramatis.Tests.Toybox.Judging;

public sealed class IntervalTests
{
    private const int Digits = 4;    // as published tables have them

    [Theory]
    [InlineData(81, 263, .2553, .3662)]    // Newcombe (1998), table I, method 3
    [InlineData(15, 148, .0624, .1605)]
    [InlineData(0, 20, 0, .1611)]
    [InlineData(1, 29, .0061, .1718)]
    public void Rates_have_the_published_intervals(int successes, int count, double low, double high)
    {
        var interval = Interval.OfRate(successes, count);

        Assert.Equal(low, interval.Low, Digits);
        Assert.Equal(high, interval.High, Digits);
    }

    [Fact]
    public void A_rate_and_its_complement_mirror_each_other()
    {
        var rate = Interval.OfRate(7, 30);
        var complement = Interval.OfRate(23, 30);

        Assert.Equal(1 - rate.High, complement.Low, Digits);
        Assert.Equal(1 - rate.Low, complement.High, Digits);
    }

    [Fact]
    public void Intervals_of_means_shrink_with_the_root_of_the_count()
    {
        double[] values = [.. Enumerable.Range(0, 100).Select(i => (double)(i % 10))];

        var small = Interval.OfMean(values);
        var large = Interval.OfMean([.. Enumerable.Repeat(values, 4).SelectMany(value => value)]);

        Assert.Equal(4.5, small.Value, Digits);
        Assert.Equal(2, (small.High - small.Low) / (large.High - large.Low), 1);
    }
}
