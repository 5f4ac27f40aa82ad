using Dramatis.Conditioning;
using Dramatis.Methods.Cones2;
using Dramatis.Schedules;
using Dramatis.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Dramatis.Tests.Methods.Cones2;

public sealed class Cones2SessionTests
{
    // A sum of a dozen numbers of about 1 in single precision.
    private const double Rounding = 1e-5;

    private const int Tokens = 7;

    private static readonly AttentionSite Site = new() { Index = 0, Path = "attn2", Width = 8, Heads = 2 };

    private static readonly SchedulerConfig Scheduler = new() { BetaCurve = BetaCurve.ScaledLinear, BetaStart = .00085, BetaEnd = .012 };

    private static readonly Grid Grid = new(4, 4);

    [Fact]
    public void Outside_its_place_a_word_has_no_weight_and_all_weights_add_up_to_one_at_every_noise_level()
    {
        using var scope = NewDisposeScope();
        using var session = Open(hasNegativeRow: true, Layout(token: 2, inside: 8));
        var logits = randn(2, 2, 16, Tokens);

        foreach (var step in Steps(50))
        {
            var weights = session.LogitEditAt(new(Site, step, Grid))!(logits).softmax(-1);

            Assert.Equal(0, weights[1, .., 8.., 2].max().item<float>());
            Assert.True(weights[1, .., ..8, 2].min().item<float>() > 0);
            Assert.True((weights.sum(-1) - 1).abs().max().item<float>() < Rounding);
        }
    }

    [Fact]
    public void Rows_without_the_subject_keep_their_logits_to_the_bit()
    {
        using var scope = NewDisposeScope();
        using var session = Open(hasNegativeRow: true, Layout(token: 2, inside: 8));
        var logits = randn(2, 2, 16, Tokens);

        var edited = session.LogitEditAt(Call(0, 50))!(logits);

        Assert.True(edited[0].eq(logits[0]).all().item<bool>());
        Assert.False(edited[1].eq(logits[1]).all().item<bool>());
    }

    [Fact]
    public void What_a_word_gains_does_not_depend_on_the_other_row()
    {
        using var scope = NewDisposeScope();
        using var session = Open(hasNegativeRow: true, Layout(token: 2, inside: 8));
        using var alone = Open(hasNegativeRow: false, Layout(token: 2, inside: 8));
        var logits = randn(2, 2, 16, Tokens);

        var both = session.LogitEditAt(Call(3, 50))!(logits);

        Assert.True(both[1..].eq(alone.LogitEditAt(Call(3, 50))!(logits[1..])).all().item<bool>());
    }

    // g w ln(1 + σ²) of the published schedule: what the official code multiplies the deviation with.
    [Theory]
    [InlineData(0, 1.073744)]
    [InlineData(10, .651532)]
    [InlineData(25, .247023)]
    [InlineData(40, .049972)]
    [InlineData(49, .000170)]
    public void A_word_gains_as_many_deviations_as_the_published_schedule_says(int step, double expected)
    {
        using var scope = NewDisposeScope();
        using var session = Open(hasNegativeRow: false, Layout(token: 2, inside: 16));
        var logits = randn(1, 2, 16, Tokens);

        var gained = (session.LogitEditAt(Call(step, 50))!(logits) - logits)[.., .., .., 2] / logits.std();

        Assert.Equal(expected, gained.mean().item<float>(), 1e-5);
    }

    [Fact]
    public void Few_guided_steps_span_all_noise_and_are_taken_twice()
    {
        using var scope = NewDisposeScope();
        using var session = new Cones2Session([Layout(token: 2, inside: 16)], new() { Steps = 5 }, Scheduler, hasNegativeRow: false);
        var logits = randn(1, 2, 16, Tokens);

        double[] gained = [.. Enumerable.Range(0, 5).Select(i =>
            ((session.LogitEditAt(Call(i, 50))!(logits) - logits)[.., .., .., 2] / logits.std()).mean().item<float>() / (.08 * 2.5))];
        double[] sigmas = [14.614645, 4.0860896, 1.6155833, .695151, .0291675];

        Assert.All(sigmas.Zip(gained), pair => Assert.Equal(Math.Log(1 + (pair.First * pair.First)), pair.Second, 1e-4));
        Assert.Null(session.LogitEditAt(Call(5, 50)));
        Assert.Equal([2, 2, 2, 2, 2, 1, 1], Enumerable.Range(0, 7).Select(i => session.RepeatsAt(Call(i, 50).Step)));
    }

    [Fact]
    public void Without_weight_attention_stays_on_the_fast_path_and_steps_are_still_taken_twice()
    {
        using var session = new Cones2Session([Layout(token: 2, inside: 8)], new() { Weight = 0 }, Scheduler, hasNegativeRow: false);

        Assert.Null(session.LogitEditAt(Call(0, 50)));
        Assert.Equal(2, session.RepeatsAt(Call(0, 50).Step));
    }

    [Fact]
    public void Outside_its_part_of_the_steps_a_subject_is_not_there()
    {
        using var scope = NewDisposeScope();
        using var session = Open(hasNegativeRow: false, Residual(2) with { Influence = new(1, .5, 1) }, Layout(3, 8) with { Influence = new(1, .5, 1) });
        var text = randn(1, Tokens, 6);

        Assert.Same(text, session.TextAt(Call(0, 4).Step, text));
        Assert.Null(session.LogitEditAt(Call(0, 4)));
        Assert.Equal(1, session.RepeatsAt(Call(0, 4).Step));
        Assert.NotSame(text, session.TextAt(Call(2, 4).Step, text));
        Assert.NotNull(session.LogitEditAt(Call(2, 4)));
    }

    [Fact]
    public void Residuals_add_up_in_any_order_and_leave_all_other_tokens_and_rows_alone()
    {
        using var scope = NewDisposeScope();
        Steering[] subjects = [Residual(2), Residual(4) with { Influence = new(.5) }, Residual(2)];
        using var session = Open(hasNegativeRow: true, [.. subjects.Select(Copy)]);
        using var reversed = Open(hasNegativeRow: true, [.. subjects.Reverse().Select(Copy)]);
        var text = randn(2, Tokens, 6);

        var shifted = session.TextAt(Call(0, 4).Step, text);

        Assert.True((shifted - reversed.TextAt(Call(0, 4).Step, text)).abs().max().item<float>() < Rounding);
        Assert.True(shifted[0].eq(text[0]).all().item<bool>());
        Assert.True((shifted[1, 4] - text[1, 4] - (.5 * subjects[1].Shift![4])).abs().max().item<float>() < Rounding);
        Assert.All([0, 1, 3, 5, 6], token => Assert.True(shifted[1, token].eq(text[1, token]).all().item<bool>()));
    }

    [Fact]
    public void Of_seventy_residuals_those_that_act_are_as_if_they_were_alone()
    {
        using var scope = NewDisposeScope();
        Steering[] subjects = [.. Enumerable.Range(0, 70).Select(i => Residual(2) with { Influence = new(End: i is 3 or 69 ? 1 : .5) })];
        using var two = Open(hasNegativeRow: false, Copy(subjects[3]), Copy(subjects[69]));
        using var all = Open(hasNegativeRow: false, subjects);
        var text = randn(1, Tokens, 6);

        Assert.True(all.TextAt(Call(2, 4).Step, text).eq(two.TextAt(Call(2, 4).Step, text)).all().item<bool>());
        Assert.False(all.TextAt(Call(1, 4).Step, text).eq(two.TextAt(Call(1, 4).Step, text)).all().item<bool>());
    }

    [Fact]
    public void The_text_of_a_run_is_one_tensor_so_that_its_keys_can_be_kept()
    {
        using var scope = NewDisposeScope();
        using var session = Open(hasNegativeRow: false, Residual(2));
        var text = randn(1, Tokens, 6);

        Assert.Same(session.TextAt(Call(0, 4).Step, text), session.TextAt(Call(1, 4).Step, text));
    }

    [Fact]
    public void A_session_leaves_no_tensor_behind()
    {
        DisposeScopeManager.Statistics.Reset();

        using (NewDisposeScope())
        {
            using var session = Open(hasNegativeRow: true, Residual(2), Layout(2, 8));
            session.TextAt(Call(0, 4).Step, randn(2, Tokens, 6));
            session.LogitEditAt(Call(0, 4))!(randn(2, 2, 16, Tokens));
        }

        Assert.Equal(0, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static Cones2Session Open(bool hasNegativeRow, params Steering[] steerings) => new(steerings, new(), Scheduler, hasNegativeRow);

    private static Steering Residual(int token)
    {
        var shift = zeros(Tokens, 6);
        shift[token] = randn(6);
        return new(shift, null, Influence.Full);
    }

    private static Steering Copy(Steering steering) => steering with { Shift = steering.Shift!.clone() };

    // The first cells are the place.
    private static Steering Layout(int token, int inside) => new(
        null,
        grid =>
        {
            var map = zeros(grid.Cells, Tokens);
            map[..inside, token] = 2.5;
            map[inside.., token] = -1e8;
            return map;
        },
        Influence.Full);

    private static IEnumerable<StepInfo> Steps(int count) => Schedule.Make(Scheduler, SamplerKind.Euler, count).Steps;

    private static AttentionCall Call(int step, int count) => new(Site, new StepInfo(step, count, 1, .5), Grid);
}
