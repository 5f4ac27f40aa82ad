using Dramatis.Conditioning;
using Dramatis.Errors;
using Dramatis.Pictures;
using Dramatis.Requests;
using Dramatis.Tensors;
using static TorchSharp.torch;

namespace Dramatis.Tests.Conditioning;

public sealed class RegionMaskTests
{
    private static readonly PixelSize Size = new(64, 32);

    [Fact]
    public void A_box_covers_the_cells_inside_it_and_no_other()
    {
        using var scope = NewDisposeScope();
        var cells = RegionMask.Of(new Box(.25, 0, .75, .5), Size).At(new(8, 4)).view(4, 8);

        Assert.Equal(1, cells[..2, 2..6].min().item<float>());
        Assert.Equal(8, cells.sum().item<float>());
    }

    [Fact]
    public void A_mask_picture_means_what_the_box_it_shows_means()
    {
        using var scope = NewDisposeScope();
        var box = RegionMask.Of(new Box(.25, 0, .75, .5), Size);

        var same = RegionMask.Of(Rectangle(64, 32), Size).At(new(16, 8));
        var twiceAsLarge = RegionMask.Of(Rectangle(128, 64), Size).At(new(16, 8));

        Assert.Equal(box.At(new(16, 8)).data<float>().ToArray(), same.data<float>().ToArray());
        Assert.Equal(box.At(new(16, 8)).data<float>().ToArray(), twiceAsLarge.data<float>().ToArray());
    }

    [Fact]
    public void Coverage_is_the_share_of_each_cell_that_lies_inside()
    {
        using var scope = NewDisposeScope();

        var coverage = RegionMask.Of(new Box(0, 0, 1 / 64.0, .5), Size).CoverageAt(new(8, 4));

        Assert.Equal([1 / 8f, 1 / 8f, 0, 0], coverage[.., 0].data<float>().ToArray());
        Assert.Equal(0, coverage[.., 1..].max().item<float>());
    }

    [Fact]
    public void Greys_are_in_or_out_unless_the_mask_is_soft()
    {
        using var scope = NewDisposeScope();
        var grey = Picture.Filled(64, 32, Rgb.Gray(127));

        Assert.Equal(0, RegionMask.Of(grey, Size).At(new(1, 1)).item<float>());
        Assert.Equal(127 / 255f, RegionMask.Of(grey, Size, isSoft: true).At(new(1, 1)).item<float>(), 1e-6f);
    }

    [Theory]
    [InlineData(64, 32, true)]
    [InlineData(640, 320, true)]
    [InlineData(333, 166, true)]
    [InlineData(64, 64, false)]
    [InlineData(32, 64, false)]
    public void A_mask_of_another_shape_is_refused(int width, int height, bool fits)
    {
        var error = Record.Exception(() => RegionMask.CheckShape(new Picture(width, height), Size, "subjects[0].place"));

        Assert.Equal(fits, error is null);
        Assert.True(fits || error is InvalidRequestException { Field: "subjects[0].place" });
    }

    [Fact]
    public void Diffusers_guesses_the_grids_of_usual_sizes_right()
    {
        var wrong = from width in Enumerable.Range(8, 17)
                    from height in Enumerable.Range(8, 17)
                    from level in Levels(64 * width, 64 * height)
                    where RegionMask.Guess(new(64 * width, 64 * height), level.Cells) != level
                    select (width, height, level);

        Assert.Empty(wrong);
    }

    [Fact]
    public void Diffusers_guesses_some_grids_wrong()
    {
        Assert.Equal(new Grid(33, 32), RegionMask.Guess(new(512, 520), 32 * 33));
        Assert.Equal(new Grid(6, 1), RegionMask.Guess(new(160, 96), 6));
    }

    // The levels that have attention in SD 1.5; those of SDXL are among them.
    private static IEnumerable<Grid> Levels(int width, int height) => Enumerable.Range(3, 4)
        .Select(halvings => new Grid(width >> halvings, height >> halvings));

    private static Picture Rectangle(int width, int height)
    {
        var picture = Picture.Filled(width, height, Rgb.Black);
        for (var y = 0; y < height / 2; y++)
        {
            picture.Row(y)[width..(3 * width)].Fill(255);    // four bytes a pixel: the middle half
        }

        return picture;
    }
}
