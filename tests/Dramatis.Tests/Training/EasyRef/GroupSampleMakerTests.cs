using Dramatis.Pictures;
using Dramatis.Training.EasyRef;

namespace Dramatis.Tests.Training.EasyRef;

public sealed class GroupSampleMakerTests
{
    private static readonly Dictionary<string, Picture> Pictures = new()
    {
        ["wide"] = Picture.Filled(120, 60, new(200, 10, 10)),
        ["tall"] = Picture.Filled(60, 150, new(10, 200, 10)),
        ["small"] = Picture.Filled(30, 30, new(10, 10, 200)),
    };

    private static readonly GroupOptions Square = new() { Seed = 1, Side = 64, Square = true };
    private static readonly GroupDraws Draws = new() { Order = [0, 1], Drop = .9 };

    [Fact]
    public void A_square_picture_is_cut_from_the_middle_and_says_so()
    {
        var sample = Make(Square, Record("wide", "wide"));

        Assert.Equal(new(64, 64), sample.Target.Size);
        Assert.Equal([60, 120, 0, 32, 64, 64], sample.Frame);
        Assert.Equal(sample.Target.Rgba, Assert.Single(sample.References).Rgba);
    }

    [Fact]
    public void A_single_reference_is_cut_in_its_own_middle_unless_it_is_to_be_cut_as_the_picture()
    {
        var own = Make(Square, Record("wide", "tall")).References[0];
        var alike = Make(Square with { CutAlike = true }, Record("wide", "tall")).References[0];

        Assert.Equal(new(10, 200, 10), ColourAt(own, 60, 60));
        Assert.Equal(new(10, 200, 10), ColourAt(alike, 31, 5));
        Assert.Equal(new(0, 0, 0), ColourAt(alike, 40, 5));    // the place is right of it
    }

    [Fact]
    public void A_whole_picture_keeps_its_shape_and_references_their_sizes()
    {
        var sample = Make(Square with { Square = false }, Record("wide", "tall", "small"));

        Assert.Equal(new(128, 64), sample.Target.Size);
        Assert.Equal([64, 128, 0, 0, 64, 128], sample.Frame);
        Assert.Equal([new(60, 150), new(30, 30)], sample.References.Select(reference => reference.Size));
    }

    [Theory]
    [InlineData(.01, 1, "a thing")]
    [InlineData(.06, 2, "")]
    [InlineData(.12, 1, "")]
    [InlineData(.5, 2, "a thing")]
    public void What_is_left_out_is_black_or_empty(double drop, int references, string caption)
    {
        var sample = Make(Square with { Square = false }, Record("wide", "tall", "small"), Draws with { Drop = drop });

        Assert.Equal(caption, sample.Caption);
        Assert.Equal(references, sample.References.Count);
        Assert.Equal(references == 1, sample.HidesReferences);
        Assert.Equal(references == 1, sample.References[0].Size == new PixelSize(512, 512));
    }

    [Fact]
    public void References_come_in_the_drawn_order_as_many_as_are_kept()
    {
        var sample = Make(Square with { Square = false }, Record("wide", "tall", "small", "wide"), Draws with { Order = [2, 1, 0], Kept = 2 });

        Assert.Equal([new(120, 60), new(30, 30)], sample.References.Select(reference => reference.Size));
    }

    private static Rgb ColourAt(Picture picture, int x, int y) => picture.Row(y)[(4 * x)..] is [var red, var green, var blue, ..] ? new(red, green, blue) : default;

    private static GroupSample Make(GroupOptions options, GroupRecord record, GroupDraws? draws = null) =>
        new GroupSampleMaker(options, name => Pictures[name]).Make(record, draws ?? Draws with { Order = [.. record.References.Select((_, i) => i)] });

    private static GroupRecord Record(string target, params IReadOnlyList<string> references) =>
        new() { Number = 1, Target = target, References = references, Texts = ["a thing"] };
}
