using Dramatis.Tensors;
using Dramatis.Toybox;

namespace Dramatis.Tests.Toybox;

public sealed class ClutterTests
{
    private const int Side = 160;

    private static readonly Backgrounds Grounds = SceneOptions.Lit.Grounds(1, variants: 1);

    [Fact]
    public void A_busy_ground_depends_on_what_is_drawn_alone_and_no_two_are_alike()
    {
        var (first, again) = (Draw(1), Draw(1));

        Assert.Equal(first, again);
        Assert.NotEqual(first, Draw(2));
    }

    [Fact]
    public void A_reference_keeps_its_subject_whatever_is_behind_it()
    {
        var bank = BenchBank.Bank;
        var plain = new ReferenceMaker(bank, Grounds, onScene: 0);
        var busy = new ReferenceMaker(bank, Grounds, onScene: 0, onClutter: 1);
        var pairs = bank.HeldOut.Take(20).Select(subject => (
            Middle(plain.Draw(subject, View.Plain, Margins.None, 128, new(1, subject))),
            Middle(busy.Draw(subject, View.Plain, Margins.None, 128, new(1, subject))))).ToArray();

        Assert.True(pairs.Count(pair => pair.Item1 == pair.Item2) >= 15);    // some subjects have a hole in the middle
    }

    [Fact]
    public void Out_of_focus_nothing_gets_brighter_or_darker_on_the_whole()
    {
        var canvas = new Canvas(Side, Side);
        Grounds.Paint((0, 0), new(1, 1), canvas);
        var before = canvas.Rgb.Average(value => (double)value);
        var edges = Edges(canvas);

        canvas.Blur(3);

        Assert.Equal(before, canvas.Rgb.Average(value => (double)value), 2.0);
        Assert.True(Edges(canvas) < .7 * edges);
    }

    private static byte[] Draw(long item)
    {
        var canvas = new Canvas(Side, Side);
        new Clutter(BenchBank.Bank, Grounds).Paint(canvas, new StableRandom(1, item));
        return canvas.Rgb;
    }

    private static (byte, byte, byte) Middle(byte[] rgb) => (rgb[((64 * 128) + 64) * 3], rgb[(((64 * 128) + 64) * 3) + 1], rgb[(((64 * 128) + 64) * 3) + 2]);

    private static double Edges(Canvas canvas) => canvas.Rgb.Zip(canvas.Rgb.Skip(3)).Sum(pair => Math.Abs(pair.First - pair.Second));
}
