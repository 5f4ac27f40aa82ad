using Dramatis.Tensors;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Dramatis.Conditioning;

/// <summary>Decoupled cross-attention: image tokens get their own keys and values at every site, made once a generation.</summary>
/// <remarks>
/// m Attention(Q, K', V' | b) of IP-Adapter (arXiv 2308.06721, eq. 5), with strengths as factors on what V' is made of, the region m as one on
/// the result, and a bias b on the logits, by which MS-Diffusion (arXiv 2406.07209, section 3.3) shows each cell the tokens of some subjects only.
/// Shapes: B rows, T tokens, E token width, H heads, N cells, D head width.
/// </remarks>
internal sealed class ImageBranch
{
    private readonly Dictionary<AttentionSite, (Tensor Key, Tensor Value)> sites = [];
    private readonly Dictionary<Grid, Tensor> factors = [];
    private readonly Influence influence;
    private readonly IRegion? region;
    private readonly Func<AttentionCall, Tensor>? biasAt;
    private readonly Func<Tensor, AttentionSite?, Tensor> own;

    /// <param name="own">Keeps a tensor alive as long as the session that asks; with the only site that reads it, or null.</param>
    public ImageBranch(ImageTokens image, Func<Tensor, AttentionSite?, Tensor> own)
    {
        using var scope = NewDisposeScope();
        (influence, region, biasAt, this.own) = (image.Influence, image.Region, image.BiasAt, own);
        var weighted = image.Weights is null ? image.Tokens : image.Tokens * image.Weights;
        foreach (var (site, projections) in image.Projections)
        {
            var strength = influence.Strength * (image.StrengthAt?.Invoke(site) ?? 1);
            if (strength != 0)
            {
                // Sites that are all alike share what their values are made of: gradients keep it for each of them.
                var isShared = strength == 1 && image.StrengthAt is null;
                var (key, value) = projections.forward(image.Tokens, isShared ? weighted : strength * weighted);
                sites[site] = (own(key, site), own(value, site));                          // (B, H, T, D)
            }
        }
    }

    /// <summary>What keys and values are numbers of.</summary>
    public ScalarType Type => sites.First().Value.Key.dtype;

    /// <summary>Whether anything acts at a site, at some time.</summary>
    public bool Reaches(AttentionSite site) => sites.ContainsKey(site);

    /// <summary>Null where and when nothing acts.</summary>
    public AttentionBranch? At(AttentionCall call) =>
        influence.ActsAt(call.Step) && sites.TryGetValue(call.Site, out var image) ? query => Attend(query, image.Key, image.Value, call) : null;

    /// <summary>What several add together; null when that is nothing.</summary>
    public static AttentionBranch? Sum(IEnumerable<AttentionBranch?> branches) => branches.OfType<AttentionBranch>().ToArray() switch
    {
        [] => null,
        [var only] => only,
        var several => query => Sum(several, query),
    };

    private static Tensor Sum(AttentionBranch[] branches, Tensor query)
    {
        using var scope = NewDisposeScope();
        return branches.Select(branch => branch(query)).Aggregate((sum, added) => sum + added).MoveToOuterDisposeScope();
    }

    private Tensor Attend(Tensor query, Tensor key, Tensor value, AttentionCall call)
    {
        using var scope = NewDisposeScope();
        var added = scaled_dot_product_attention(query, key, value, attn_mask: biasAt?.Invoke(call));    // (B, H, N, D)
        return (region is null ? added : added * FactorsOf(region, call.Grid, added)).MoveToOuterDisposeScope();
    }

    private Tensor FactorsOf(IRegion region, Grid grid, Tensor like)
    {
        if (!factors.TryGetValue(grid, out var cells))
        {
            using var scope = NewDisposeScope();
            cells = own(region.At(grid, like.device).to(like.dtype), null);                // (1 or B, 1, N, 1)
            factors.Add(grid, cells);
        }

        return cells;
    }
}
