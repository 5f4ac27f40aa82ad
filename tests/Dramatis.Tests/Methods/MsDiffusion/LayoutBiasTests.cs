using Dramatis.Conditioning;
using Dramatis.Methods.MsDiffusion;
using Dramatis.Networks.Resampler;
using Dramatis.Tensors;
using static TorchSharp.torch;

namespace Dramatis.Tests.Methods.MsDiffusion;

public sealed class LayoutBiasTests
{
    private const float Hidden = -10000;

    [Fact]
    public void A_cell_sees_the_subjects_that_cover_it_and_the_dummies_when_none_does()
    {
        using var scope = NewDisposeScope();
        var boxes = tensor([0f, 0f, 0.5f, 0.75f, 0.3f, 0.5f, 0.9f, 1f]).view(1, 2, 4);

        var seen = Visible(new LayoutBias(dummies: 1, tokens: 1).At(boxes, new Grid(4, 4)));    // (N, 3)

        Assert.Equal("0011 0011 0000 1000", Rows(seen[.., 0]));
        Assert.Equal("1100 1100 1100 0000", Rows(seen[.., 1]));
        Assert.Equal("0000 0000 0111 0111", Rows(seen[.., 2]));
    }

    [Fact]
    public void The_extent_of_what_a_box_covers_is_the_box_rounded_to_cells()
    {
        using var scope = NewDisposeScope();
        var boxes = tensor([0.1f, 0.25f, 0.5f, 0.9f, 0f, 0f, 0f, 0f]).view(1, 2, 4);

        var extent = LayoutBias.Extent(BoxCells.Cover(boxes, new Grid(8, 4)));

        Assert.Equal([0f, 0.25f, 0.5f, 1f, 0f, 0f, 0f, 0f], extent.data<float>().ToArray());
    }

    [Fact]
    public void Columns_follow_the_width_and_rows_the_height()
    {
        using var scope = NewDisposeScope();
        var boxes = tensor([0.5f, 0f, 1f, 0.5f]).view(1, 1, 4);

        var seen = Visible(new LayoutBias(dummies: 0, tokens: 1).At(boxes, new Grid(4, 2)));

        Assert.Equal("0011 0000", Rows(seen[.., 0], width: 4));
    }

    [Fact]
    public void A_box_ends_on_a_cell_border_in_single_precision()
    {
        using var scope = NewDisposeScope();
        var boxes = tensor([0f, 0f, 0.6f, 1f]).view(1, 1, 4);

        var seen = Visible(new LayoutBias(dummies: 0, tokens: 1).At(boxes, new Grid(5, 1)));

        Assert.Equal("11100", Rows(seen[.., 0], width: 5));
    }

    [Fact]
    public void A_box_of_no_extent_covers_nothing()
    {
        using var scope = NewDisposeScope();

        var seen = Visible(new LayoutBias(dummies: 1, tokens: 2).At(zeros(1, 1, 4), new Grid(3, 1)));

        Assert.Equal("100 100 100", Rows(seen.flatten(), width: 3));
    }

    [Fact]
    public void With_locality_a_cell_at_a_token_s_centre_loses_nothing_there_and_beta_a_token_further()
    {
        using var scope = NewDisposeScope();
        var whole = tensor([0f, 0f, 1f, 1f]).view(1, 1, 4);

        var bias = new LayoutBias(dummies: 0, tokens: 9, new Locality(3, 1.5)).At(whole, new Grid(3, 3))[0, 0];

        Assert.Equal(0, bias[4, 4].item<float>(), 1e-6f);       // middle cell, middle token
        Assert.Equal(-1.5f, bias[4, 1].item<float>(), 1e-5f);   // one token up
        Assert.Equal(-3f, bias[4, 8].item<float>(), 1e-5f);     // one down, one right
        Assert.Equal(-6f, bias[3, 5].item<float>(), 1e-5f);     // two right
    }

    [Fact]
    public void With_locality_a_cell_outside_still_sees_nothing_of_the_subject()
    {
        using var scope = NewDisposeScope();
        var left = tensor([0f, 0f, 0.5f, 1f]).view(1, 1, 4);

        var bias = new LayoutBias(dummies: 2, tokens: 4, new Locality(2, 1.5)).At(left, new Grid(4, 1))[0, 0];

        Assert.True(bias[2, 2..].max().item<float>() <= Hidden);
        Assert.Equal(0, bias[2, ..2].abs().max().item<float>());
        Assert.True(bias[1, 2..].min().item<float>() > -100);
    }

    private static Tensor Visible(Tensor bias) => bias[0, 0] > -1;

    private static string Rows(Tensor seen, int width = 4)
    {
        var marks = seen.to(ScalarType.Int32).contiguous().data<int>().ToArray();
        return string.Join(' ', marks.Chunk(width).Select(row => string.Concat(row)));
    }
}
