using Dramatis.Conditioning;
using Dramatis.Schedules;
using Dramatis.Tensors;
using static TorchSharp.torch;

namespace Dramatis.Methods.MsDiffusion;

/// <summary>Masked decoupled cross-attention: each cell reads the tokens of the subjects that cover it.</summary>
/// <remarks>
/// MS-Diffusion (arXiv 2406.07209), section 3.3. A strength is a factor on the values of a subject. The background gate needs no
/// step of its own: cells outside all places see the dummy tokens only, and the values of those are zero.
/// Shapes: B rows, negative ones first, T = D + n Q tokens, dummies first, E token width, H heads, N = h w cells.
/// </remarks>
internal sealed class MsDiffusionSession : ConditioningSession
{
    private readonly Dictionary<(Grid Grid, ActingSet Acting), Tensor> biases = [];
    private readonly Dictionary<ActingSet, Tensor?> inputs = [];
    private readonly LaidReferences? laid;
    private readonly Collage? collage;
    private readonly ImageBranch image;
    private readonly LayoutBias layout;
    private readonly Tensor tokens;
    private readonly Tensor boxes;
    private readonly IReadOnlyList<Influence> influences;
    private readonly AutoLayout? auto;
    private readonly WordMaps? maps;
    private readonly Tensor? keepsPlace;    // (B, n, 1, 1)
    private readonly WordBinding? binding;

    /// <param name="tokens">(B, T, E)</param>
    /// <param name="boxes">(B, n, 4)</param>
    /// <param name="influences">n of them.</param>
    /// <param name="words">Null when words steer nothing.</param>
    /// <param name="laid">Null when tokens alone tell of references.</param>
    public MsDiffusionSession(
        MsDiffusionAdapter adapter,
        Tensor tokens,
        Tensor boxes,
        IReadOnlyList<Influence> influences,
        WordSteering? words = null,
        LaidReferences? laid = null)
    {
        using var scope = NewDisposeScope();
        var (dummies, each) = (adapter.Config.Dummies, adapter.Config.Resampler.Queries);
        this.influences = influences;
        this.boxes = Own(boxes.to(ScalarType.Float32, tokens.device).clone());
        this.tokens = Own(tokens.detach());
        layout = new LayoutBias(dummies, each, adapter.Config.Resampler.Locality);

        var factors = Enumerable.Repeat(0d, dummies).Concat(influences.SelectMany(item => Enumerable.Repeat(item.Strength, each)));
        var shown = new ImageTokens
        {
            Tokens = tokens,
            Projections = adapter.Projections,
            Weights = tensor(factors.ToArray(), tokens.dtype, tokens.device).unsqueeze(-1),
            BiasAt = BiasOf,
        };
        image = new(shown, Own);

        collage = adapter.Collage;
        this.laid = collage is null || laid is null ? null : laid with
        {
            Pixels = Own(laid.Pixels.alias()),
            Places = Own(laid.Places.alias()),
            Visible = laid.Visible is { } visible ? Own(visible.alias()) : null,
            Type = tokens.dtype,
        };
        binding = words is { Binding: > 0 } ? new(words.Words, new(words.Binding), Keep) : null;
        if (words?.Auto is not null)
        {
            auto = words.Auto;
            maps = new(words.Words, Keep);
            keepsPlace = Own(words.Words.sum(-1).eq(0).logical_and(tensor(!auto.LosesUnread, device: words.Words.device)).view(boxes.shape[0], -1, 1, 1));
        }

        Tensor Keep(Tensor tensor) => Own(tensor);
    }

    // Zeros in rows without subjects.
    public override Tensor WithTokensAt(StepInfo step, Tensor text)
    {
        using var scope = NewDisposeScope();
        var isThere = boxes.ne(0).flatten(1).any(1).view(-1, 1, 1).to(tokens);                     // (B, 1, 1)
        return cat([text, tokens * isThere], dim: 1).MoveToOuterDisposeScope();
    }

    public override AttentionProbe? ProbeAt(AttentionCall call) =>
        maps is not null && image.Reaches(call.Site) ? weights => maps.Add(call, weights) : null;

    public override LogitEdit? LogitEditAt(AttentionCall call)
    {
        var acting = ActingAt(call.Step);
        return acting.IsEmpty ? null : binding?.EditAt(call, acting, () => BoxCells.Cover(BoxesOf(acting), call.Grid));
    }

    public override AttentionBranch? BranchAt(AttentionCall call) => ActingAt(call.Step).IsEmpty ? null : image.At(call);

    public override Tensor? InputAt(StepInfo step)
    {
        var acting = ActingAt(step);
        if (laid is null || acting.IsEmpty)
        {
            return null;
        }

        if (!inputs.TryGetValue(acting, out var added))
        {
            added = laid.Added(collage!, subject => acting[subject] ? influences[subject].Strength : 0) is { } made ? Own(made) : null;
            inputs.Add(acting, added);
        }

        return added;
    }

    private ActingSet ActingAt(StepInfo step) => ActingSet.At(step, influences);

    private Tensor BiasOf(AttentionCall call)
    {
        var acting = ActingAt(call.Step);
        if (auto is not null && call.Step.Index + 1 >= auto.StartStep)
        {
            return BiasByWords(call, acting);
        }

        if (!biases.TryGetValue((call.Grid, acting), out var bias))
        {
            using var scope = NewDisposeScope();
            bias = Own(layout.At(BoxesOf(acting), call.Grid).to(image.Type));            // (B, 1, N, T)
            biases.Add((call.Grid, acting), bias);
        }

        return bias;
    }

    private Tensor BiasByWords(AttentionCall call, ActingSet acting)
    {
        using var scope = NewDisposeScope();
        var read = maps!.At(call.Site.Index) > auto!.Threshold;                          // (B, n, h, w)
        var cover = where(keepsPlace!, BoxCells.Cover(boxes, call.Grid), read) & acting.Marks(boxes.device).view(1, -1, 1, 1).to(ScalarType.Bool);
        return layout.Of(cover, LayoutBias.Extent(cover)).to(image.Type).MoveToOuterDisposeScope();
    }

    // A subject that does not act now has no place now.
    private Tensor BoxesOf(ActingSet acting) => boxes * acting.Marks(boxes.device);
}
