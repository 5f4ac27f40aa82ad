using Dramatis.Toybox;
using Dramatis.Toybox.Hands;

namespace Dramatis.Tests.Toybox.Hands;

public sealed class HandTests
{
    private const int Side = SceneMaker.Side;
    private const int Many = 24;

    private static readonly SceneMaker Maker = new(BenchBank.Bank, new Backgrounds(3), 3, new() { Split = SubjectSplit.HeldOut });

    private static readonly Scene[] Scenes = [.. Enumerable.Range(0, 3).Select(i => Maker.Make(i))];

    public static TheoryData<int> Kinds => [.. Enumerable.Range(0, Enum.GetValues<HandKind>().Length)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void It_draws_the_same_each_time_and_never_what_it_saw(int index)
    {
        var hand = Hand.Draw(1, index);

        var drawn = hand.Paint(Scenes[0].Rgb, Side);

        Assert.Equal((HandKind)index, hand.Kind);
        Assert.Equal(drawn, Hand.Draw(1, index).Paint(Scenes[0].Rgb, Side));
        Assert.True(Distance(drawn, Scenes[0].Rgb) > 8, $"{Distance(drawn, Scenes[0].Rgb)}");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_it_sees_can_still_be_seen(int index)
    {
        var hand = Hand.Draw(1, index);

        Assert.True(Distance(hand.Paint(Scenes[0].Rgb, Side), hand.Paint(Scenes[1].Rgb, Side)) > 8);
    }

    // Colours alone tell many hands apart: the nearest picture by mean colour and spread is one of the same hand, where chance says 2 of 71.
    [Fact]
    public void Pictures_of_one_hand_are_alike()
    {
        var hands = Enumerable.Range(0, Many).Select(i => Hand.Draw(1, i)).ToArray();
        var drawn = hands.SelectMany((hand, i) => Scenes.Select(scene => (Hand: i, Look: Look(hand.Paint(scene.Rgb, Side))))).ToArray();

        var right = drawn.Count(picture => drawn.Where(other => other != picture).MinBy(other => other.Look.Zip(picture.Look, (a, b) => (a - b) * (a - b)).Sum()).Hand == picture.Hand);

        Assert.True(right > drawn.Length / 3, $"{right} of {drawn.Length}");
    }

    private static double Distance(byte[] one, byte[] other) => one.Zip(other, (a, b) => Math.Abs(a - b)).Average();

    private static double[] Look(byte[] rgb) =>
    [
        .. Enumerable.Range(0, 3).SelectMany(channel =>
        {
            var values = rgb.Where((_, i) => i % 3 == channel).Select(value => (double)value).ToArray();
            var mean = values.Average();
            return new[] { mean, Math.Sqrt(values.Average(value => (value - mean) * (value - mean))) };
        }),
    ];
}
