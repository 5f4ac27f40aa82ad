using Dramatis.Pictures;
using Dramatis.Toybox.Judging;

namespace Dramatis.Tests.Toybox.Judging;

public sealed class RebuiltFiguresTests
{
    private const int Side = 16;

    // The left half shows the subject.
    private static readonly bool[] Inside = [.. Enumerable.Range(0, Side * Side).Select(i => i % Side < Side / 2)];

    private static readonly Picture Stripes = Draw((x, _) => x % 4 < 2 ? 200 : 100);

    [Fact]
    public void What_comes_back_as_it_was_keeps_all_edges()
    {
        var figures = RebuiltFigures.Of([(Stripes, Stripes, Inside)]);

        Assert.Equal(1, figures.EdgesKept);
        Assert.True(figures.InsideDecibels > 60);
    }

    [Fact]
    public void Weaker_stripes_keep_as_much_of_their_edges()
    {
        var weak = Draw((x, _) => x % 4 < 2 ? 190 : 110);

        var figures = RebuiltFigures.Of([(Stripes, weak, Inside)]);

        Assert.Equal(.8, figures.EdgesKept, 1e-9);
        Assert.Equal(20 * Math.Log10(255 / 10.0), figures.Decibels, 1e-9);
        Assert.Equal(figures.Decibels, figures.InsideDecibels, 1e-9);
    }

    [Fact]
    public void Only_the_subject_counts_inside()
    {
        var wrongOutside = Draw((x, _) => x >= Side / 2 ? 0 : x % 4 < 2 ? 200 : 100);

        var figures = RebuiltFigures.Of([(Stripes, wrongOutside, Inside)]);

        Assert.True(figures.InsideDecibels > 60);
        Assert.True(figures.Decibels < 10);
    }

    private static Picture Draw(Func<int, int, int> grey) => Picture.FromRgb(
        [.. Enumerable.Range(0, Side * Side).SelectMany(i => Enumerable.Repeat((byte)grey(i % Side, i / Side), 3))], new(Side, Side));
}
