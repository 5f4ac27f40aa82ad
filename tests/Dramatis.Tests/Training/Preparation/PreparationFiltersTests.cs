using Dramatis.Errors;
using Dramatis.Pictures;
using Dramatis.Training.Preparation;
using Dramatis.Training.Preparation.Onnx;

namespace Dramatis.Tests.Training.Preparation;

public sealed class PreparationFiltersTests
{
    private static readonly PixelSize Wide = new(200, 100);

    [Theory]
    [InlineData(.2, 0, 0, .5, .5, "score 0.2 is under 0.3")]
    [InlineData(double.NaN, 0, 0, .5, .5, "score NaN is under 0.3")]
    [InlineData(.9, 0, 0, .2, .2, "area 0.04 is under 0.08")]
    [InlineData(.9, .5, .5, .4, .4, "area 0.01 is under 0.08")]
    [InlineData(.9, 0, 0, .9, .9, "area 0.81 is over 0.7")]
    [InlineData(.9, 0, 0, .1, 1, "width over height 0.2 is under 0.3")]
    [InlineData(.9, 0, 0, 1, .5, "width over height 4 is over 3")]
    public void A_thing_that_is_none_is_refused_with_the_reason(double score, double left, double top, double right, double bottom, string reason) =>
        Assert.Equal(reason, new PreparationFilters().Refuse(new Detection("dog", new(left, top, right, bottom), score), Wide));

    [Fact]
    public void Half_of_a_picture_is_a_thing() => Assert.Null(new PreparationFilters().Refuse(new Detection("dog", new(0, 0, .5, 1), .3), Wide));

    [Fact]
    public void A_mask_must_fill_its_box()
    {
        var mask = new SubjectMask(new(4, 2), [true, true, false, false, true, false, false, false]);

        Assert.Null(new PreparationFilters().Refuse(mask, new(0, 0, 2, 2)));
        Assert.Equal("mask fill 0.375 is under 0.6", new PreparationFilters().Refuse(mask, new(0, 0, 4, 2)));
    }

    [Fact]
    public void Limits_are_read_from_a_file_and_unknown_ones_refused()
    {
        var path = Path.GetTempFileName();
        File.WriteAllText(path, """{"min_score": 0.5, "max_containment": 1}""");
        Assert.Equal(new PreparationFilters { MinScore = .5, MaxContainment = 1 }, PreparationFilters.Load(path));

        File.WriteAllText(path, """{"min_size": 0.5}""");
        Assert.Contains("\"min_size\" is unknown; there is min_score", Assert.Throws<InvalidConfigException>(() => PreparationFilters.Load(path)).Message,
            StringComparison.Ordinal);
        File.Delete(path);
    }
}
