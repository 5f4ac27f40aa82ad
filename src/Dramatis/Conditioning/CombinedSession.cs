using Dramatis.Schedules;
using static TorchSharp.torch;

namespace Dramatis.Conditioning;

/// <summary>Several methods on one generation. Only texts and logits have an order: a session that replaces the text goes before one that adds to it.</summary>
internal sealed class CombinedSession : ConditioningSession
{
    private readonly IReadOnlyList<ConditioningSession> parts;

    private CombinedSession(IReadOnlyList<ConditioningSession> parts) => this.parts = parts;

    /// <summary>One session that acts as all of them, and ends with them; those that do nothing vanish.</summary>
    public static ConditioningSession Of(params IEnumerable<ConditioningSession> sessions) => sessions.Where(session => session != None).ToArray() switch
    {
        [] => None,
        [var only] => only,
        var several => new CombinedSession(several),
    };

    public override Tensor TextAt(StepInfo step, Tensor text) => parts.Aggregate(text, (sofar, part) => part.TextAt(step, sofar));

    public override Tensor WithTokensAt(StepInfo step, Tensor text) => parts.Aggregate(text, (sofar, part) => part.WithTokensAt(step, sofar));

    public override LogitEdit? LogitEditAt(AttentionCall call) => Each(part => part.LogitEditAt(call)) switch
    {
        [] => null,
        var edits => logits => edits.Aggregate(logits, (sofar, edit) => edit(sofar)),
    };

    public override AttentionProbe? ProbeAt(AttentionCall call) => Each(part => part.ProbeAt(call)) switch
    {
        [] => null,
        var probes => weights => Array.ForEach(probes, probe => probe(weights)),
    };

    public override AttentionBranch? BranchAt(AttentionCall call) => ImageBranch.Sum(parts.Select(part => part.BranchAt(call)));

    public override Tensor? InputAt(StepInfo step) => parts.Select(part => part.InputAt(step)).OfType<Tensor>().ToArray() switch
    {
        [] => null,
        [var only] => only,
        var several => several.Aggregate((sum, added) => sum + added),
    };

    public override int RepeatsAt(StepInfo step) => parts.Max(part => part.RepeatsAt(step));

    public override void Dispose()
    {
        foreach (var part in parts)
        {
            part.Dispose();
        }

        base.Dispose();
    }

    internal override IEnumerable<ConditioningSession> Parts => parts.SelectMany(part => part.Parts);

    internal override IEnumerable<Tensor> OwnedAt(IReadOnlyList<AttentionSite> sites) => parts.SelectMany(part => part.OwnedAt(sites));

    private T[] Each<T>(Func<ConditioningSession, T?> hook)
        where T : Delegate => [.. parts.Select(hook).OfType<T>()];
}
