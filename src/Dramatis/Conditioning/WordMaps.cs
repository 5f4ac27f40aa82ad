using Dramatis.Tensors;
using static TorchSharp.torch;

namespace Dramatis.Conditioning;

/// <summary>Where the cells of each site read the words of each subject, over all calls so far.</summary>
/// <remarks>
/// The pseudo masks of MS-Diffusion's code: means over the words, the heads and the calls.
/// Shapes: B rows, H heads, n subjects, L text tokens, h x w cells, N = h w.
/// </remarks>
/// <param name="words">As <see cref="SubjectWords"/> makes them (B, n, L).</param>
/// <param name="own">Keeps a tensor alive as long as the session that asks.</param>
internal sealed class WordMaps(Tensor words, Func<Tensor, Tensor> own)
{
    // The reference's guard against maps that are the same everywhere.
    private const double LeastRange = 1e-5;

    private readonly Tensor share = own((words / words.sum(-1, keepdim: true).clamp(min: 1)).transpose(1, 2));    // (B, L, n)
    private readonly Dictionary<int, SiteMap> sites = [];

    /// <summary>The sites that have been read at, each with its cells.</summary>
    public IEnumerable<(int Site, Grid Grid)> Sites => sites.Select(item => (item.Key, item.Value.Grid));

    /// <summary>Adds what one call of a site reads (B, H, N, L or more).</summary>
    public void Add(AttentionCall call, Tensor weights)
    {
        using var scope = NewDisposeScope();
        var map = weights.narrow(-1, 0, share.shape[1]).mean([1]).matmul(share);     // (B, N, n)
        if (!sites.TryGetValue(call.Site.Index, out var known))
        {
            known = new(own(zeros_like(map)), call.Grid);
            sites.Add(call.Site.Index, known);
        }

        known.Sum.add_(map);
        known.Calls++;
    }

    /// <summary>The map of each subject at a site, least 0 and most nearly 1 (B, n, h, w).</summary>
    public Tensor At(int site)
    {
        using var scope = NewDisposeScope();
        var known = sites[site];
        var map = known.Sum / known.Calls;
        var least = map.amin([1], keepdim: true);
        var range = map.amax([1], keepdim: true) - least;
        var normal = (map - least) / (range + LeastRange);                           // (B, N, n)
        return normal.transpose(1, 2).unflatten(2, known.Grid.Height, known.Grid.Width).MoveToOuterDisposeScope();
    }

    private sealed class SiteMap(Tensor sum, Grid grid)
    {
        public Tensor Sum => sum;                                                    // (B, N, n)

        public Grid Grid => grid;

        public int Calls { get; set; }
    }
}
