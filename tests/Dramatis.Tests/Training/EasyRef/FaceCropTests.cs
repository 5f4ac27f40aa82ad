using Dramatis.Pictures;
using Dramatis.Training.EasyRef;

namespace Dramatis.Tests.Training.EasyRef;

public sealed class FaceCropTests
{
    private static readonly PixelSize Large = new(1024, 1024);
    private static readonly FaceBox Face = new(555.5458, 71.09, 668.366, 233.3928);

    [Fact]
    public void A_square_stands_around_the_middle_of_the_face() => Assert.Equal(new(530, 71, 692, 233), FaceCrop.Square(Face));

    [Theory]
    [InlineData(.25, 490, 31, 732, 273)]
    [InlineData(.49, 451, 0, 771, 320)]    // it would begin above the picture
    public void A_square_grows_at_each_side(double growth, int left, int top, int right, int bottom) =>
        Assert.Equal(new(left, top, right, bottom), FaceCrop.Of(Face, Large, growth));

    [Fact]
    public void A_square_grows_no_larger_than_the_picture() => Assert.Equal(new(0, 0, 40, 40), FaceCrop.Of(new(10, 10, 30, 30), new(40, 40), .5));

    [Fact]
    public void What_overflows_moves_back_to_a_pixel_before_the_edge() =>
        Assert.Equal(new(867, 867, 1023, 1023), FaceCrop.Of(new(900, 900, 1020, 1023), Large, .13));

    [Fact]
    public void A_face_of_a_point_has_a_square_all_the_same() => Assert.Equal(2, FaceCrop.Square(new(10, 10, 10.5, 10.5)).Width);
}
