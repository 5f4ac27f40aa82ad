using Dramatis.Errors;
using Dramatis.Pictures;

namespace Dramatis.Tests.Pictures;

public sealed class SmartResizeTests
{
    // Width x height: published tables give height first.
    [Theory]
    [InlineData(512, 512, 504, 504, 336, 336)]
    [InlineData(100, 100, 112, 112, 308, 308)]
    [InlineData(1024, 768, 1036, 756, 392, 280)]
    [InlineData(1920, 1080, 1932, 1092, 448, 252)]
    [InlineData(640, 427, 644, 420, 392, 252)]
    [InlineData(4000, 3000, 4004, 2996, 364, 280)]
    [InlineData(333, 1000, 336, 1008, 168, 560)]
    [InlineData(2000, 100, 1988, 112, 1400, 56)]
    [InlineData(400, 10, 392, 28, 1176, 84)]
    public void Pictures_come_to_the_reference_s_sizes(int width, int height, int firstWidth, int firstHeight, int secondWidth, int secondHeight)
    {
        var first = SmartResize.First(new(width, height));

        Assert.Equal(new(firstWidth, firstHeight), first);
        Assert.Equal(new(secondWidth, secondHeight), SmartResize.Second(first, 336));
    }

    [Fact]
    public void Half_a_token_goes_to_the_even_multiple()
    {
        Assert.Equal(new(56, 56), SmartResize.First(new(70, 70)));
        Assert.Equal(new(112, 112), SmartResize.First(new(98, 98)));
    }

    [Theory]
    [InlineData(5000, 27, 336)]    // the second resize makes its height 0
    [InlineData(27, 5000, 336)]
    [InlineData(2001, 10, 336)]    // 200 to 1 is the limit
    [InlineData(400, 10, 56)]
    public void A_strip_is_refused_by_its_name(int width, int height, int side)
    {
        var error = Assert.Throws<UnreadablePictureException>(() => SmartResize.Check(new(width, height), side, "long.png"));

        Assert.Equal($"long.png: {width}x{height} pixels are too long a strip for references of about {side}x{side}; crop the picture nearer to a square.", error.Message);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3900, 28)]
    [InlineData(20, 2800)]
    public void What_can_be_brought_to_a_size_passes(int width, int height) => SmartResize.Check(new(width, height), 336, "any.png");
}
