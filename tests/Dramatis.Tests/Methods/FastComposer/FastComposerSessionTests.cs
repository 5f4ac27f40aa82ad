using Dramatis.Methods.FastComposer;
using Dramatis.Schedules;
using TorchSharp;
using static TorchSharp.torch;

namespace Dramatis.Tests.Methods.FastComposer;

public sealed class FastComposerSessionTests : IDisposable
{
    private static readonly int[] Tokens = [1, 4];

    private readonly DisposeScope scope = NewDisposeScope();
    private readonly IDisposable off = no_grad();
    private readonly PostfuseNetwork postfuse = new(new(8, 4));
    private readonly Tensor text = randn(4, 6, 8);    // two pictures, negative rows first

    public void Dispose()
    {
        postfuse.Dispose();
        off.Dispose();
        scope.Dispose();
    }

    [Fact]
    public void Only_the_subject_s_row_of_positive_texts_changes()
    {
        using var session = Open(Word(2));

        var seen = session.TextAt(At(5), text);

        Assert.True(AreSame(seen[..2], text[..2]));
        Assert.All([0, 1, 3, 4, 5], token => Assert.True(AreSame(seen[2..].select(1, token), text[2..].select(1, token))));
        Assert.False(seen[2..].select(1, 2).allclose(text[2..].select(1, 2)));
    }

    [Fact]
    public void Words_have_times_of_their_own_and_the_text_between_two_is_the_same_tensor()
    {
        using var session = Open(Word(1), Word(4) with { Start = .5, End = .9 });

        Assert.Same(text, session.TextAt(At(0), text));
        Assert.Equal([true, false], Changes(session, 1));
        Assert.Equal([true, false], Changes(session, 5));
        Assert.Equal([true, true], Changes(session, 6));
        Assert.Equal([true, true], Changes(session, 8));
        Assert.Equal([true, false], Changes(session, 9));
        Assert.Same(session.TextAt(At(2), text), session.TextAt(At(3), text));
    }

    [Fact]
    public void Half_the_strength_is_half_the_way()
    {
        var word = Word(2);
        using var whole = Open(word);
        using var half = Open(word with { Strength = .5, Image = word.Image.clone() });

        Assert.True(half.TextAt(At(5), text).allclose((text + whole.TextAt(At(5), text)) / 2, rtol: 0, atol: 1e-5));
    }

    // Spec of the reference: text-only calls of N + 1, as its doubles have them.
    [Theory]
    [InlineData(50, 0, 51)]
    [InlineData(50, .25, 38)]
    [InlineData(50, .5, 26)]
    [InlineData(50, .6, 21)]
    [InlineData(50, .65, 18)]
    [InlineData(50, .7, 16)]
    [InlineData(50, .75, 13)]
    [InlineData(50, .8, 10)]
    [InlineData(50, .85, 8)]
    [InlineData(50, .9, 5)]
    [InlineData(50, .95, 3)]
    [InlineData(50, 1, 1)]
    [InlineData(20, .5, 11)]
    [InlineData(20, .7, 7)]
    [InlineData(30, .75, 8)]
    [InlineData(30, .8, 6)]
    public void Calls_are_counted_as_in_the_reference(int steps, double alpha, int textOnly) =>
        Assert.Equal(textOnly, TextOnlyCalls(new(ExtraCalls: 1, Compat: true), steps, 1 - alpha));

    [Theory]
    [InlineData(.2, 11)]
    [InlineData(.1, 6)]
    [InlineData(0, 1)]
    [InlineData(1, 51)]
    public void Without_compat_a_step_is_not_lost_to_rounding(double start, int textOnly) =>
        Assert.Equal(textOnly, TextOnlyCalls(new(ExtraCalls: 1), 50, start));

    private static int TextOnlyCalls(FastComposerTiming timing, int steps, double start)
    {
        var word = new FusedWord(1, zeros(1), 1, start, 1);
        return Enumerable.Range(0, steps + timing.ExtraCalls).Count(call => !timing.Acts(word, new(call, steps + timing.ExtraCalls, 1, 0)));
    }

    private bool[] Changes(FastComposerSession session, int step) =>
        [.. Tokens.Select(token => !AreSame(session.TextAt(At(step), text)[2..].select(1, token), text[2..].select(1, token)))];

    private static bool AreSame(Tensor one, Tensor other) => one.eq(other).all().item<bool>();

    private FastComposerSession Open(params FusedWord[] words) => new(words, postfuse, new(ExtraCalls: 0)) { HasNegativeRow = true };

    private static FusedWord Word(int token) => new(token, randn(4), 1, 0, 1);

    private static StepInfo At(int step) => new(step, 10, 1, .9);
}
