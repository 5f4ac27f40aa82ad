using Dramatis.Conditioning;
using Dramatis.Schedules;
using Dramatis.Tensors;
using static TorchSharp.torch;

namespace Dramatis.Methods.Cones2;

/// <summary>What a session does to some words of the prompt.</summary>
/// <remarks>Shapes: L text tokens, E text width, N cells.</remarks>
/// <param name="Shift">What is added to the text (L, E); null for nothing.</param>
/// <param name="Map">What is added to the attention of each token in each cell (N, L), before it is scaled; null for nothing.</param>
internal sealed record Steering(Tensor? Shift, Func<Grid, Tensor>? Map, Influence Influence);

/// <summary>Residual token embeddings and layout guidance.</summary>
/// <remarks>
/// Cones 2 (Liu et al., arXiv 2305.19327). The words of a subject gain attention inside its place and lose all elsewhere, by
/// S' = S + g W ln(1 + σ²) std(S); the noisier the picture, the more. Here logits are S / √d, and std scales alike.
/// Shapes: B rows, negative ones first, H heads, N cells, L text tokens, E text width.
/// </remarks>
internal sealed class Cones2Session : ConditioningSession
{
    private readonly IReadOnlyList<Steering> steerings;
    private readonly LayoutGuidance guidance;
    private readonly SchedulerConfig scheduler;
    private readonly bool hasNegativeRow;
    private readonly Dictionary<ActingSet, Tensor> shifts = [];
    private readonly Dictionary<(Grid Grid, ActingSet Acting), Tensor> maps = [];
    private (int Steps, double[] Sigmas) table = (0, []);
    private (Tensor Text, ActingSet Acting, Tensor Shifted)? latest;

    /// <param name="steerings">Their tensors are the session's from now on.</param>
    public Cones2Session(IReadOnlyList<Steering> steerings, LayoutGuidance guidance, SchedulerConfig scheduler, bool hasNegativeRow)
    {
        this.steerings = steerings;
        this.guidance = guidance;
        this.scheduler = scheduler;
        this.hasNegativeRow = hasNegativeRow;
        foreach (var shift in steerings.Select(steering => steering.Shift).OfType<Tensor>())
        {
            Own(shift);
        }
    }

    /// <summary>The edit of logits (B, H, N, L) with a map (B, 1, N, L) that is zero in negative rows; the deviation is the last row's.</summary>
    /// <remarks>Tokens beyond the map are those of further chunks of a long text, in which no subject is.</remarks>
    public static LogitEdit Rectify(Tensor map, double weight, double sigma)
    {
        var factor = weight * Math.Log(1 + (sigma * sigma));
        return logits => logits + (factor * logits[logits.shape[0] - 1].std() * Lengthen(map, 3, logits.shape[3]));
    }

    public override Tensor TextAt(StepInfo step, Tensor text)
    {
        var acting = ActingAt(step, steering => steering.Shift is not null);
        if (acting.IsEmpty)
        {
            return text;
        }

        // The same tensor as long as it is the same text, so that its keys and values can be kept.
        if (latest is not { } kept || !ReferenceEquals(kept.Text, text) || kept.Acting != acting)
        {
            latest = kept = (text, acting, Own((text + Lengthen(ShiftOf(acting), 1, text.shape[1])).to(text.dtype)));
        }

        return kept.Shifted;
    }

    public override LogitEdit? LogitEditAt(AttentionCall call)
    {
        var acting = ActingAt(call.Step, steering => steering.Map is not null);
        return !acting.IsEmpty && guidance.Weight != 0 && IsGuided(call.Step)
            ? Rectify(MapOf(call.Grid, acting), guidance.Weight, SigmaAt(call.Step))
            : null;
    }

    public override int RepeatsAt(StepInfo step) => IsGuided(step) && !ActingAt(step, _ => true).IsEmpty ? 2 : 1;

    // Zeros for further tokens, in the last dimension or in that before it.
    private static Tensor Lengthen(Tensor x, int dimension, long length)
    {
        var missing = length - x.shape[dimension];
        return missing == 0 ? x : nn.functional.pad(x, dimension == x.dim() - 1 ? [0, missing] : [0, 0, 0, missing]);
    }

    private bool IsGuided(StepInfo step) => step.Index < GuidedOf(step.Count);

    private int GuidedOf(int steps) => Math.Min(guidance.Steps ?? steps, steps);

    // Of a schedule of their own that spans all noise, however few of the sampler's steps are guided.
    private double SigmaAt(StepInfo step)
    {
        if (table.Steps != step.Count)
        {
            var config = scheduler with { Spacing = Spacing.Linspace, KarrasSigmas = false };
            var schedule = Schedule.Make(config, SamplerKind.Euler, GuidedOf(step.Count));
            table = (step.Count, [.. schedule.Steps.Select(own => own.Sigma)]);
        }

        return table.Sigmas[step.Index];
    }

    private ActingSet ActingAt(StepInfo step, Func<Steering, bool> counts) =>
        ActingSet.At(step, steerings.Select(steering => counts(steering) ? steering.Influence : null));

    private IEnumerable<Steering> Acting(ActingSet acting) => steerings.Where((_, i) => acting[i]);

    // (B, L, E)
    private Tensor ShiftOf(ActingSet acting)
    {
        if (!shifts.TryGetValue(acting, out var shift))
        {
            using var scope = NewDisposeScope();
            shift = Own(Rows(Acting(acting)
                .Select(steering => steering.Influence.Strength == 1 ? steering.Shift! : steering.Shift! * steering.Influence.Strength)
                .Aggregate((sum, own) => sum + own)));
            shifts.Add(acting, shift);
        }

        return shift;
    }

    // (B, 1, N, L)
    private Tensor MapOf(Grid grid, ActingSet acting)
    {
        if (!maps.TryGetValue((grid, acting), out var map))
        {
            using var scope = NewDisposeScope();
            map = Own(Rows(Acting(acting).Select(steering => steering.Map!(grid)).Aggregate((sum, own) => sum + own)).unsqueeze(1));
            maps.Add((grid, acting), map);
        }

        return map;
    }

    private Tensor Rows(Tensor positive) => hasNegativeRow ? stack([zeros_like(positive), positive]) : positive.unsqueeze(0).clone();
}
