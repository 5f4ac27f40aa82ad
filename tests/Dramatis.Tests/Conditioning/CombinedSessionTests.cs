using Dramatis.Conditioning;
using Dramatis.Schedules;
using Dramatis.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Dramatis.Tests.Conditioning;

public sealed class CombinedSessionTests
{
    private static readonly AttentionSite Site = new() { Index = 0, Path = "attn2", Width = 8, Heads = 2 };

    private static readonly AttentionCall Call = new(Site, new StepInfo(0, 4, 1, .5), new Grid(2, 2));

    [Fact]
    public void Nothing_combined_is_no_session_at_all()
    {
        Assert.Same(ConditioningSession.None, CombinedSession.Of());
        Assert.Same(ConditioningSession.None, CombinedSession.Of(ConditioningSession.None, ConditioningSession.None));
    }

    [Fact]
    public void A_session_beside_neutral_ones_stays_itself()
    {
        using var only = new Scripted();

        Assert.Same(only, CombinedSession.Of(ConditioningSession.None, only));
    }

    [Fact]
    public void Hooks_that_no_part_has_keep_the_fused_kernel()
    {
        using var session = CombinedSession.Of(new Scripted(), new Scripted());

        Assert.Null(session.LogitEditAt(Call));
        Assert.Null(session.ProbeAt(Call));
        Assert.Null(session.BranchAt(Call));
        Assert.Equal(1, session.RepeatsAt(Call.Step));
    }

    [Fact]
    public void Texts_and_logits_pass_through_the_parts_in_order()
    {
        using var scope = NewDisposeScope();
        using var session = CombinedSession.Of(
            new Scripted { Text = text => text * 2, Edit = logits => logits * 2 },
            new Scripted { Text = text => text + 1, Edit = logits => logits + 1 });

        Assert.Equal(7, session.TextAt(Call.Step, tensor(3f)).item<float>());
        Assert.Equal(7, session.LogitEditAt(Call)!(tensor(3f)).item<float>());
    }

    [Fact]
    public void Branches_are_added_and_all_probes_called()
    {
        using var scope = NewDisposeScope();
        var seen = new List<string>();
        using var session = CombinedSession.Of(
            new Scripted { Branch = query => query * 10, Probe = _ => seen.Add("first") },
            new Scripted(),
            new Scripted { Branch = query => query * 100, Probe = _ => seen.Add("third") });

        session.ProbeAt(Call)!(tensor(1f));

        Assert.Equal(330, session.BranchAt(Call)!(tensor(3f)).item<float>());
        Assert.Equal(["first", "third"], seen);
    }

    [Fact]
    public void The_largest_repeat_count_wins()
    {
        using var session = CombinedSession.Of(new Scripted { Repeats = 3 }, new Scripted { Repeats = 2 });

        Assert.Equal(3, session.RepeatsAt(Call.Step));
    }

    [Fact]
    public void The_parts_tensors_are_known_while_it_is_open_and_gone_with_it()
    {
        DisposeScopeManager.Statistics.Reset();
        var session = CombinedSession.Of(new Scripted(ones(2)), new Scripted(ones(3)));

        Assert.Equal([2, 3], session.OwnedAt([Site]).Select(tensor => tensor.numel()));
        session.Dispose();

        Assert.Equal(0, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private sealed class Scripted : ConditioningSession
    {
        public Scripted(params Tensor[] tensors) => Array.ForEach(tensors, tensor => Own(tensor));

        public Func<Tensor, Tensor>? Text { get; init; }

        public LogitEdit? Edit { get; init; }

        public AttentionProbe? Probe { get; init; }

        public AttentionBranch? Branch { get; init; }

        public int Repeats { get; init; } = 1;

        public override Tensor TextAt(StepInfo step, Tensor text) => Text?.Invoke(text) ?? text;

        public override LogitEdit? LogitEditAt(AttentionCall call) => Edit;

        public override AttentionProbe? ProbeAt(AttentionCall call) => Probe;

        public override AttentionBranch? BranchAt(AttentionCall call) => Branch;

        public override int RepeatsAt(StepInfo step) => Repeats;
    }
}
