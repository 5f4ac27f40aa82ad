using Dramatis.Conditioning;
using Dramatis.Methods.MsDiffusion;
using Dramatis.Schedules;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Tests.Methods.MsDiffusion;

/// <summary>References laid into their places, on a stand-in of an autoencoder: the mean of each 2 x 2 pixels.</summary>
public sealed class CollageTests : IDisposable
{
    private const int Side = 8;
    private const int Cell = 2;
    private const int Width = 6;

    // Rounding of single precision in sums of a few numbers around 1.
    private const float Rounding = 1e-5f;

    private static readonly AttentionSite Site = new() { Index = 0, Path = "attn2", Width = Width, Heads = 1 };

    private static readonly MsDiffusionConfig Tiny = MsDiffusionSessionTests.Tiny with { Collage = new(Latents: 3, Width: 5, Output: Width) };

    private readonly DisposeScope scope = NewDisposeScope();
    private readonly MsDiffusionAdapter adapter = new(Tiny, [Site]);
    private Tensor? canvas;

    public CollageTests()
    {
        using var off = no_grad();
        foreach (var weight in adapter.Collage!.parameters())
        {
            weight.normal_();
        }
    }

    public void Dispose()
    {
        adapter.Dispose();
        scope.Dispose();
    }

    [Fact]
    public void One_that_has_learned_nothing_adds_nothing()
    {
        using var fresh = new MsDiffusionAdapter(Tiny, [Site]);

        Assert.Equal(0, Laid(Flat(200)).Added(fresh.Collage!, _ => 1)!.abs().max().item<float>());
    }

    [Fact]
    public void A_reference_lies_in_its_place_the_right_way_round_and_around_it_is_grey()
    {
        Laid(Halves()).Added(adapter.Collage!, _ => 1);

        // The place is the left half and the upper half of 8 x 8 pixels; the reference is black on its left, white on its right and its last row is red.
        var seen = canvas![0];
        Assert.Equal(-1, seen[0, 0, 0].item<float>(), Rounding);
        Assert.Equal(1, seen[0, 0, 3].item<float>(), Rounding);
        Assert.Equal((1, -1), (seen[0, 3, 1].item<float>(), seen[1, 3, 1].item<float>()));
        Assert.Equal(0, seen[.., 4.., ..].abs().max().item<float>());
        Assert.Equal(0, seen[.., .., 4..].abs().max().item<float>());
    }

    [Fact]
    public void What_is_made_smaller_is_averaged()
    {
        var stripes = zeros(1, 16, 16, 3);
        stripes[0, .., TensorIndex.Slice(0, 16, 2)] = 255;

        (Laid(stripes) with { Places = tensor([0f, 0, .5f, .5f]).view(1, 4) }).Added(adapter.Collage!, _ => 1);

        Assert.True(canvas![0, 0, 1, 1..3].abs().max().item<float>() < .2);
    }

    [Fact]
    public void The_smaller_lies_on_the_larger_whatever_their_order()
    {
        var both = Laid(cat([Flat(255), Flat(0)])) with
        {
            Places = tensor([.25f, .25f, .75f, .75f, 0, 0, 1, 1]).view(2, 4),
            Pictures = [0, 0],
            Subjects = [0, 1],
        };

        both.Added(adapter.Collage!, _ => 1);

        Assert.Equal((-1, 1), (canvas![0, 0, 0, 0].item<float>(), canvas[0, 0, 4, 4].item<float>()));
    }

    [Fact]
    public void Behind_a_cut_out_the_larger_is_seen_and_the_ground_where_there_is_none()
    {
        var both = Laid(cat([Flat(255), Flat(208)])) with
        {
            Visible = cat([full([1, 4, 4], 255, ScalarType.Byte), zeros(1, 4, 4, dtype: ScalarType.Byte)]),
            Places = tensor([0f, 0, .75f, .75f, .5f, .5f, 1, 1]).view(2, 4),
            Pictures = [0, 0],
            Subjects = [0, 1],
        };

        both.Added(adapter.Collage!, _ => 1);

        Assert.Equal(1, canvas![0, 0, 5, 5].item<float>(), Rounding);
        Assert.Equal((208 / 127.5f) - 1, canvas[0, 0, 7, 7].item<float>(), Rounding);
    }

    [Fact]
    public void A_place_outside_the_picture_shows_the_part_that_is_inside()
    {
        (Laid(Halves()) with { Places = tensor([-.5f, 0, .5f, .5f]).view(1, 4) }).Added(adapter.Collage!, _ => 1);

        Assert.Equal(1, canvas![0, 0, 0, 1].item<float>(), Rounding);
        Assert.Equal(0, canvas[.., .., .., 4..].abs().max().item<float>());
    }

    [Fact]
    public void A_place_without_any_pixel_s_middle_shows_nothing()
    {
        (Laid(Halves()) with { Places = tensor([.26f, .26f, .3f, .3f]).view(1, 4) }).Added(adapter.Collage!, _ => 1);

        Assert.Equal(0, canvas!.abs().max().item<float>());
    }

    [Fact]
    public void Strengths_are_factors_in_their_own_places()
    {
        var both = Laid(cat([Flat(255), Flat(30)])) with
        {
            Places = tensor([0f, 0, .5f, 1, .5f, 0, 1, 1]).view(2, 4),
            Pictures = [0, 0],
            Subjects = [0, 1],
        };

        var full = both.Added(adapter.Collage!, _ => 1)!;
        var half = both.Added(adapter.Collage!, subject => subject == 0 ? .5 : 1)!;

        Assert.True((half[.., .., .., ..2] - (full[.., .., .., ..2] / 2)).abs().max().item<float>() < Rounding);
        Assert.True((half[.., .., .., 2..] - full[.., .., .., 2..]).abs().max().item<float>() < Rounding);
        Assert.Null(both.Added(adapter.Collage!, _ => 0));
    }

    [Fact]
    public void A_session_tells_of_who_acts_and_leaves_negative_rows_alone()
    {
        using var off = no_grad();
        var boxes = stack([zeros(1, 4), tensor([0f, 0, .5f, .5f]).view(1, 4)]);
        using var session = adapter.Open(randn(2, 1, 4, 6), boxes, [new(1, .5, 1)], laid: Laid(Halves()) with { Rows = [-1, 0] });
        using var without = adapter.Open(randn(2, 1, 4, 6), boxes);

        var added = session.InputAt(Step(2))!;

        Assert.Null(session.InputAt(Step(0)));
        Assert.Null(without.InputAt(Step(2)));
        Assert.Equal([2L, Width, Side / Cell, Side / Cell], added.shape);
        Assert.Equal(0, added[0].abs().max().item<float>());
        Assert.True(added[1].abs().max().item<float>() > 0);
        Assert.Same(added, session.InputAt(Step(3)));
    }

    [Fact]
    public void Combined_sessions_add_up()
    {
        using var off = no_grad();
        var boxes = tensor([0f, 0, .5f, .5f]).view(1, 1, 4);
        using var one = Session();
        using var two = CombinedSession.Of(Session(), Session());

        Assert.True((two.InputAt(Step(0))! - (2 * one.InputAt(Step(0))!)).abs().max().item<float>() < Rounding);

        ConditioningSession Session() => adapter.Open(zeros(1, 1, 4, 6), boxes, laid: Laid(Halves()));
    }

    [Fact]
    public void A_session_leaves_no_tensor_behind()
    {
        var (tokens, boxes) = (randn(1, 1, 4, 6), tensor([0f, 0, .5f, .5f]).view(1, 1, 4));
        var laid = Laid(Halves()) with { Encode = pictures => functional.avg_pool2d(pictures, Cell) };
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (NewDisposeScope())
        {
            using var session = adapter.Open(tokens, boxes, laid: laid);
            session.InputAt(Step(0))!.sum().backward();
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Its_sizes_are_written_and_read_and_an_adapter_without_one_says_nothing()
    {
        Assert.Equal(Tiny.Collage, MsDiffusionConfig.Parse(Tiny.ToJson()).Collage);
        Assert.DoesNotContain("collage", (Tiny with { Collage = null }).ToJson(), StringComparison.Ordinal);
    }

    private static StepInfo Step(int index) => new(index, 4, 1 - (index / 4.0), index / 4.0);

    private static Tensor Flat(byte grey) => full([1, 4, 4, 3], grey, ScalarType.Byte);

    private static Tensor Halves()
    {
        var picture = zeros(1, 4, 4, 3);
        picture[0, .., 2..] = 255;
        picture[0, 3] = tensor([255f, 0, 0]);
        return picture.to(ScalarType.Byte);
    }

    private LaidReferences Laid(Tensor pixels) => new()
    {
        Pixels = pixels,
        Places = tensor([0f, 0, .5f, .5f]).view(1, 4),
        Pictures = [0],
        Subjects = [0],
        Rows = [0],
        Size = new(Side, Side),
        Encode = pictures =>
        {
            canvas = pictures.clone().MoveToOtherDisposeScope(scope);
            return functional.avg_pool2d(pictures, Cell);
        },
    };
}
