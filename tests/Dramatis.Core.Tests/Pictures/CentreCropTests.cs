using Dramatis.Pictures;

namespace Dramatis.Tests.Pictures;

public sealed class CentreCropTests
{
    [Theory]
    [InlineData(301, 201)]
    [InlineData(97, 333)]
    [InlineData(224, 224)]
    [InlineData(1, 500)]
    public void Any_picture_becomes_the_square(int width, int height)
    {
        var square = CentreCrop.Take(Picture.Filled(width, height, Rgb.Gray(90)), shorter: 32, side: 28);

        Assert.Equal(new(28, 28), square.Size);
        Assert.All(square.ToRgb(), value => Assert.Equal(90, value));
    }

    [Theory]
    [InlineData(11, 1, 2)]    // 3 columns over: 1.5 is nearer to the even 2
    [InlineData(9, 0, 0)]     // 1 column over: 0.5 is nearer to the even 0
    [InlineData(12, 2, 2)]
    public void The_two_ways_to_start_differ_by_a_pixel_where_the_middle_is_between_two(int width, int down, int even)
    {
        var ramp = new Picture(width, 8);
        for (var i = 0; i < ramp.Rgba.Length; i++)
        {
            ramp.Rgba[i] = i % 4 == 3 ? byte.MaxValue : (byte)(i / 4 % width * 10);
        }

        Assert.Equal(down * 10, CentreCrop.Take(ramp, 8, 8).Rgba[0]);
        Assert.Equal(even * 10, CentreCrop.Take(ramp, 8, 8, CropOffset.HalfToEven).Rgba[0]);
    }
}
