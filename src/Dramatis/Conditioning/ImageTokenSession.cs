using Dramatis.Tensors;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Dramatis.Conditioning;

/// <summary>Tokens of one or several pictures that act together: in one softmax, with one strength, in one region.</summary>
public sealed record ImageTokens
{
    /// <summary>(B, T, E), negative rows first. Borrowed: only keys and values made of them are kept.</summary>
    public required Tensor Tokens { get; init; }

    /// <summary>What makes keys and values of them, for each site that gets them.</summary>
    public required IReadOnlyDictionary<AttentionSite, ImageProjections> Projections { get; init; }

    public Influence Influence { get; init; } = Influence.Full;

    /// <summary>A further factor for each site; null is 1.</summary>
    public Func<AttentionSite, double>? StrengthAt { get; init; }

    /// <summary>Null acts everywhere.</summary>
    public IRegion? Region { get; init; }
}

/// <summary>Decoupled cross-attention: image tokens get their own keys and values at every site (IP-Adapter, arXiv 2308.06721, eq. 5).</summary>
/// <remarks>
/// What the sets of tokens add is summed: Σ s m Attention(q, K', V'), with the strength s a factor on V' and the region m one on the result.
/// Keys and values are made once. Shapes: B rows, T tokens, E token width, H heads, N cells, D head width.
/// </remarks>
public sealed class ImageTokenSession : ConditioningSession
{
    private readonly Dictionary<AttentionSite, List<Branch>> sites = [];
    private readonly Dictionary<(IRegion Region, Grid Grid), Tensor> factors = [];

    public ImageTokenSession(params IReadOnlyList<ImageTokens> sets)
    {
        using var scope = NewDisposeScope();
        foreach (var set in sets)
        {
            foreach (var (site, projections) in set.Projections)
            {
                var strength = set.Influence.Strength * (set.StrengthAt?.Invoke(site) ?? 1);
                if (strength != 0)
                {
                    Add(site, set, projections.forward(set.Tokens, strength * set.Tokens));
                }
            }
        }
    }

    public override AttentionBranch? BranchAt(AttentionCall call)
    {
        var acting = sites.GetValueOrDefault(call.Site)?.Where(branch => branch.Influence.ActsAt(call.Step)).ToArray() ?? [];
        return acting.Length == 0 ? null : query => Sum(acting, query, call.Grid);
    }

    private void Add(AttentionSite site, ImageTokens set, (Tensor Key, Tensor Value) image)
    {
        if (!sites.TryGetValue(site, out var branches))
        {
            sites[site] = branches = [];
        }

        branches.Add(new(set.Influence, set.Region, Own(image.Key, site), Own(image.Value, site)));    // (B, H, T, D)
    }

    private Tensor Sum(Branch[] branches, Tensor query, Grid grid)
    {
        using var scope = NewDisposeScope();
        var sum = branches.Select(branch =>
        {
            var added = scaled_dot_product_attention(query, branch.Key, branch.Value);     // (B, H, N, D)
            return branch.Region is { } region ? added * FactorsOf(region, grid, added) : added;
        }).Aggregate((all, added) => all + added);
        return sum.MoveToOuterDisposeScope();
    }

    private Tensor FactorsOf(IRegion region, Grid grid, Tensor like)
    {
        if (!factors.TryGetValue((region, grid), out var cells))
        {
            using var scope = NewDisposeScope();
            cells = Own(region.At(grid, like.device).to(like.dtype));                      // (1 or B, 1, N, 1)
            factors.Add((region, grid), cells);
        }

        return cells;
    }

    private sealed record Branch(Influence Influence, IRegion? Region, Tensor Key, Tensor Value);
}
