using Dramatis.Networks.Qwen2Vl;
using Dramatis.Pictures;
using static TorchSharp.torch;

namespace Dramatis.Tests.Networks.Qwen2Vl;

public sealed class VisionPatchesTests
{
    [Fact]
    public void Patches_walk_blocks_of_two_by_two()
    {
        using var scope = NewDisposeScope();
        var rows = arange(56).view(-1, 1) / 14;
        var columns = arange(84) / 14;
        var places = ((rows.floor() * 10) + columns.floor()).expand(3, -1, -1);    // row and column of the patch

        var patches = VisionPatches.Cut(places);

        Assert.Equal([0, 1, 10, 11, 2, 3, 12, 13, 4, 5, 14, 15], patches[TensorIndex.Colon, 0].to(int64).data<long>().ToArray()[..12]);
        Assert.Equal(0, (patches - patches[TensorIndex.Colon, TensorIndex.Slice(0, 1)]).abs().max().item<float>());
    }

    [Fact]
    public void A_patch_holds_each_channel_twice()
    {
        using var scope = NewDisposeScope();
        var colours = arange(3 * 28 * 28).to(float32).view(3, 28, 28);

        var patch = VisionPatches.Cut(colours)[3].view(3, 2, 14, 14);    // down and right in its block

        Assert.True(patch[TensorIndex.Colon, 0].Equals(patch[TensorIndex.Colon, 1]));
        Assert.True(patch[TensorIndex.Colon, 0].Equals(colours[TensorIndex.Colon, TensorIndex.Slice(14), TensorIndex.Slice(14)]));
    }

    [Theory]
    [InlineData(512, 512, 24, 24, 144)]
    [InlineData(640, 427, 28, 18, 126)]
    public void The_grid_of_a_picture_is_known_before_it_is_resized(int width, int height, int across, int down, int tokens)
    {
        using var scope = NewDisposeScope();
        var patches = VisionPatches.Of(Picture.Filled(width, height, Rgb.Black), 336);

        Assert.Equal(new(across, down), patches.Grid);
        Assert.Equal(patches.Grid, VisionPatches.GridOf(new(width, height), 336));
        Assert.Equal(tokens, patches.Tokens);
        Assert.Equal([patches.Grid.Cells, 1176], patches.Pixels.shape);
    }

    [Fact]
    public void Alpha_is_left_out()
    {
        using var scope = NewDisposeScope();
        var hidden = new Picture(30, 30, [.. Enumerable.Range(0, 900).SelectMany(i => new byte[] { (byte)i, 40, 90, (byte)(i % 2) })]);

        Assert.True(VisionPatches.Of(hidden, 56).Pixels.Equals(VisionPatches.Of(hidden.WithoutAlpha(), 56).Pixels));
    }

    [Fact]
    public void Black_is_the_normalisation_s_zero_minus_mean_over_deviation()
    {
        using var scope = NewDisposeScope();
        var patch = VisionPatches.Of(Picture.Filled(28, 28, Rgb.Black), 56).Pixels[0].view(3, -1);

        Assert.Equal([-1.79226253f, -1.75209713f, -1.48021977f], patch[TensorIndex.Colon, 0].data<float>().ToArray(), (a, b) => Math.Abs(a - b) < 1e-6);
    }
}
