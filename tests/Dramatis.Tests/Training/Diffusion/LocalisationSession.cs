using Dramatis.Conditioning;
using Dramatis.Tensors;
using Dramatis.Training;
using Dramatis.Training.Diffusion;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Tests.Training.Diffusion;

/// <summary>FastComposer's localisation loss at some sites (arXiv 2305.10431, section 4.3), as a method would write it: nothing of it is elsewhere.</summary>
/// <remarks>Shapes: B rows, H heads, N cells, L text tokens.</remarks>
internal sealed class LocalisationSession : ConditioningSession, ILossTerms
{
    public const string Name = "localisation";
    public const double Weight = 3;

    private const double Small = 1e-5;

    private readonly List<Tensor> layers = [];
    private readonly Tensor mask;
    private readonly int token;
    private readonly Func<AttentionSite, bool> supervises;
    private readonly bool byLogits;

    /// <param name="mask">Where the subject is (B, 1, h, w). Belongs to the session.</param>
    /// <param name="token">Its word.</param>
    /// <param name="byLogits">Reads what the softmax gets instead of what it gives, so that nobody knows that attention is read.</param>
    public LocalisationSession(Tensor mask, int token, Func<AttentionSite, bool> supervises, bool byLogits = false)
    {
        this.mask = Own(mask);
        this.token = token;
        this.supervises = supervises;
        this.byLogits = byLogits;
    }

    public override AttentionProbe? ProbeAt(AttentionCall call) =>
        byLogits || !supervises(call.Site) ? null : weights => layers.Add(Own(LossOf(weights, call.Grid)));

    public override LogitEdit? LogitEditAt(AttentionCall call) => !byLogits || !supervises(call.Site) ? null : logits =>
    {
        layers.Add(Own(LossOf(logits.softmax(dim: -1), call.Grid)));
        return logits;
    };

    public IReadOnlyList<LossPart> Terms() => [new(Name, stack(layers).mean(), Weight)];

    private Tensor LossOf(Tensor weights, Grid grid)
    {
        using var scope = NewDisposeScope();
        var inside = functional.adaptive_avg_pool2d(mask, [grid.Height, grid.Width]).flatten(2);        // (B, 1, N)
        var map = weights.select(-1, token);                                                            // (B, H, N)
        return (Mean(map, 1 - inside) - Mean(map, inside)).mean().MoveToOuterDisposeScope();

        static Tensor Mean(Tensor values, Tensor where) => (values * where).sum(-1) / (where.sum(-1) + Small);
    }
}
