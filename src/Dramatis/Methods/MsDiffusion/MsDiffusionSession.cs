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
/// Shapes: B rows, negative ones first, T = D + n Q tokens, dummies first, E token width, H heads, N cells.
/// </remarks>
internal sealed class MsDiffusionSession : ConditioningSession
{
    private readonly Dictionary<int, (Tensor Key, Tensor Value)> sites = [];
    private readonly Dictionary<(Grid Grid, ulong Acting), Tensor> biases = [];
    private readonly LayoutBias layout;
    private readonly Tensor boxes;
    private readonly IReadOnlyList<Influence> influences;

    /// <param name="tokens">(B, T, E)</param>
    /// <param name="boxes">(B, n, 4)</param>
    /// <param name="influences">n of them, at most 64.</param>
    public MsDiffusionSession(MsDiffusionAdapter adapter, Tensor tokens, Tensor boxes, IReadOnlyList<Influence> influences)
    {
        using var scope = NewDisposeScope();
        var (dummies, each) = (adapter.Config.Dummies, adapter.Config.Resampler.Queries);
        this.influences = influences;
        this.boxes = Own(boxes.to(ScalarType.Float32, tokens.device).clone());
        layout = new LayoutBias(dummies, each, adapter.Config.Resampler.Locality);

        var factors = Enumerable.Repeat(0d, dummies).Concat(influences.SelectMany(item => Enumerable.Repeat(item.Strength, each)));
        var weighted = tokens * tensor(factors.ToArray(), tokens.dtype, tokens.device).unsqueeze(-1);
        foreach (var site in adapter.Sites)
        {
            var (key, value) = adapter.ProjectionsOf(site).forward(tokens, weighted);
            sites[site.Index] = (Own(key, site), Own(value, site));                        // (B, H, T, D)
        }
    }

    public override AttentionBranch? BranchAt(AttentionCall call)
    {
        var acting = ActingAt(call.Step);
        return acting != 0 && sites.TryGetValue(call.Site.Index, out var image)
            ? query => scaled_dot_product_attention(query, image.Key, image.Value, attn_mask: BiasOf(call.Grid, acting))
            : null;
    }

    private ulong ActingAt(StepInfo step)
    {
        var acting = 0ul;
        for (var i = 0; i < influences.Count; i++)
        {
            acting |= influences[i].ActsAt(step) ? 1ul << i : 0;
        }

        return acting;
    }

    // A subject that does not act now has no place now.
    private Tensor BiasOf(Grid grid, ulong acting)
    {
        if (!biases.TryGetValue((grid, acting), out var bias))
        {
            using var scope = NewDisposeScope();
            var present = influences.Select((_, i) => (acting >> i & 1) == 1 ? 1f : 0f).ToArray();
            var now = boxes * tensor(present, device: boxes.device).unsqueeze(-1);
            bias = Own(layout.At(now, grid).to(sites.First().Value.Key.dtype));      // (B, 1, N, T)
            biases.Add((grid, acting), bias);
        }

        return bias;
    }
}
