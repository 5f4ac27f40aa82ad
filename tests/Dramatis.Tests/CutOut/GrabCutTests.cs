using Dramatis.CutOut;
using Dramatis.Pictures;
using Dramatis.TestKit;

namespace Dramatis.Tests.CutOut;

public sealed class GrabCutTests
{
    [Theory]
    [InlineData(128, 128, .85)]
    [InlineData(40, 30, .85)]
    [InlineData(200, 300, .7)]
    [InlineData(1280, 720, .7)]
    public void A_subject_is_cut_out_of_a_busy_ground_at_its_edge(int width, int height, double least)
    {
        var mask = new GrabCut().Mask(BusyPhotograph.Make(width, height));

        Assert.Equal(new PixelSize(width, height), mask!.Size);
        Assert.InRange(BusyPhotograph.OverlapOf(mask), least, 1);
    }

    [Fact]
    public void The_same_picture_gives_the_same_mask_whatever_was_cut_before()
    {
        var photo = BusyPhotograph.Make(96, 96, seed: 2);
        var first = new GrabCut().Mask(photo)!;

        _ = new GrabCut().Mask(BusyPhotograph.Make(64, 80, seed: 3));

        Assert.Equal(first.Rgba, new GrabCut().Mask(photo)!.Rgba);
    }

    [Fact]
    public void What_has_the_colours_of_its_ground_all_over_stays_whole()
    {
        var random = new Random(4);
        var picture = new Picture(128, 128, [.. Enumerable.Range(0, 4 * 128 * 128).Select(i => (byte)(i % 4 == 3 ? 255 : random.Next(40, 220)))]);

        Assert.Null(new GrabCut().Mask(picture));
    }

    [Theory]
    [InlineData(255)]
    [InlineData(208)]
    [InlineData(20)]
    public void A_plain_ground_stays(byte grey)
    {
        var picture = Picture.Filled(64, 64, Rgb.Gray(grey));
        for (var i = 20 * 64; i < 40 * 64; i++)
        {
            picture.Rgba[4 * i] = (byte)(i % 64 is > 20 and < 40 ? 250 : grey);
        }

        Assert.Null(new GrabCut().Mask(picture));
    }
}
