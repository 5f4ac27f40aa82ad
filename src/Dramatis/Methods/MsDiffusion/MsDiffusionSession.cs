using Dramatis.Conditioning;
using Dramatis.Schedules;
using Dramatis.Tensors;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Dramatis.Methods.MsDiffusion;

/// <summary>Masked decoupled cross-attention: each cell reads the tokens of the subjects that cover it.</summary>
/// <remarks>
/// MS-Diffusion (arXiv 2406.07209), section 3.3. A strength is a factor on the values of a subject. The background gate needs no
/// step of its own: cells outside all places see the dummy tokens only, and the values of those are zero.
/// Shapes: B rows, negative ones first, T = D + n Q tokens, dummies first, E token width, H heads, N = h w cells.
/// </remarks>
internal sealed class MsDiffusionSession : ConditioningSession
{
    private readonly Dictionary<int, (Tensor Key, Tensor Value)> sites = [];
    private readonly Dictionary<(Grid Grid, ulong Acting), Tensor> biases = [];
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
    /// <param name="influences">n of them, at most 64.</param>
    /// <param name="words">Null when words steer nothing.</param>
    public MsDiffusionSession(
        MsDiffusionAdapter adapter, Tensor tokens, Tensor boxes, IReadOnlyList<Influence> influences, WordSteering? words = null)
    {
        using var scope = NewDisposeScope();
        var (dummies, each) = (adapter.Config.Dummies, adapter.Config.Resampler.Queries);
        this.influences = influences;
        this.boxes = Own(boxes.to(ScalarType.Float32, tokens.device).clone());
        this.tokens = Own(tokens.detach());
        layout = new LayoutBias(dummies, each, adapter.Config.Resampler.Locality);

        var factors = Enumerable.Repeat(0d, dummies).Concat(influences.SelectMany(item => Enumerable.Repeat(item.Strength, each)));
        var weighted = tokens * tensor(factors.ToArray(), tokens.dtype, tokens.device).unsqueeze(-1);
        foreach (var site in adapter.Sites)
        {
            var (key, value) = adapter.ProjectionsOf(site).forward(tokens, weighted);
            sites[site.Index] = (Own(key, site), Own(value, site));                        // (B, H, T, D)
        }

        binding = words is { Binding: > 0 } ? new(words.Words, words.Binding, Keep) : null;
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
        maps is not null && sites.ContainsKey(call.Site.Index) ? weights => maps.Add(call, weights) : null;

    public override LogitEdit? LogitEditAt(AttentionCall call)
    {
        var acting = ActingAt(call.Step);
        return acting != 0 ? binding?.EditAt(call, acting, () => BoxCells.Cover(BoxesOf(acting), call.Grid)) : null;
    }

    public override AttentionBranch? BranchAt(AttentionCall call)
    {
        var acting = ActingAt(call.Step);
        return acting != 0 && sites.TryGetValue(call.Site.Index, out var image)
            ? query => scaled_dot_product_attention(query, image.Key, image.Value, attn_mask: BiasOf(call, acting))
            : null;
    }

    private ulong ActingAt(StepInfo step) => Influence.ActingAt(step, influences);

    private Tensor BiasOf(AttentionCall call, ulong acting)
    {
        if (auto is not null && call.Step.Index + 1 >= auto.StartStep)
        {
            return BiasByWords(call, acting);
        }

        if (!biases.TryGetValue((call.Grid, acting), out var bias))
        {
            using var scope = NewDisposeScope();
            bias = Own(layout.At(BoxesOf(acting), call.Grid).to(Type));                  // (B, 1, N, T)
            biases.Add((call.Grid, acting), bias);
        }

        return bias;
    }

    private Tensor BiasByWords(AttentionCall call, ulong acting)
    {
        using var scope = NewDisposeScope();
        var read = maps!.At(call.Site.Index) > auto!.Threshold;                          // (B, n, h, w)
        var cover = where(keepsPlace!, BoxCells.Cover(boxes, call.Grid), read) & Present(acting).view(1, -1, 1, 1).to(ScalarType.Bool);
        return layout.Of(cover, LayoutBias.Extent(cover)).to(Type).MoveToOuterDisposeScope();
    }

    private ScalarType Type => sites.First().Value.Key.dtype;

    // A subject that does not act now has no place now.
    private Tensor BoxesOf(ulong acting) => boxes * Present(acting);

    private Tensor Present(ulong acting) =>                                              // (n, 1)
        tensor(influences.Select((_, i) => (acting >> i & 1) == 1 ? 1f : 0f).ToArray(), device: boxes.device).unsqueeze(-1);
}
