using Dramatis.Benches.Speed;
using Dramatis.Errors;

namespace Dramatis.Tests.Benches.Speed;

public sealed class WorkTests
{
    private const double Tera = 1e12;

    [Fact]
    public void A_guided_step_of_SD_15_is_what_others_have_counted()
    {
        var large = SpeedFamily.Find("sd15").StepWork(new(512, 512));
        var small = SpeedFamily.Find("sd15").StepWork(new(256, 256));

        Assert.Equal(1.607, large.Total / Tera, 3);
        Assert.Equal(.888, large.Convolution / Tera, 3);
        Assert.Equal(.467, large.Linear / Tera, 3);
        Assert.Equal(.252, large.Attention / Tera, 3);
        Assert.Equal(.360, small.Total / Tera, 3);
    }

    [Theory]
    [InlineData("sd21", 768, 4.30)]
    [InlineData("sdxl", 1024, 13.52)]
    public void A_guided_step_of_a_larger_model_is_what_others_have_counted(string family, int side, double tera) =>
        Assert.Equal(tera, SpeedFamily.Find(family).StepWork(new(side, side)).Total / Tera, 2);

    [Theory]
    [InlineData(512, 2.515)]
    [InlineData(1024, 10.47)]
    public void Decoding_is_what_others_have_counted(int side, double tera) =>
        Assert.Equal(tera, SpeedFamily.Find("sd15").DecodeWork(new(side, side)).Total / Tera, side == 512 ? 3 : 2);

    [Fact]
    public void A_family_that_does_not_exist_is_refused_by_name()
    {
        var error = Assert.Throws<InvalidRequestException>(() => SpeedFamily.Find("sd3"));

        Assert.Equal("family", error.Field);
        Assert.Contains("sd15, sd21, sdxl", error.Message, StringComparison.Ordinal);
    }
}
