using Dramatis.Conditioning;

namespace Dramatis.Networks.UNet;

/// <summary>Numbers the cross-attention layers while a network is built.</summary>
internal sealed class SiteList(UNetConfig config)
{
    private readonly List<AttentionSite> sites = [];

    public IReadOnlyList<AttentionSite> Sites => sites;

    /// <summary>The sites of one attention of a level: one for each of its transformer blocks.</summary>
    public IReadOnlyList<AttentionSite> Add(string attention, int level)
    {
        var first = sites.Count;
        for (var block = 0; block < config.TransformerLayers[level]; block++)
        {
            sites.Add(new()
            {
                Index = sites.Count,
                Path = $"{attention}.transformer_blocks.{block}.attn2",
                Width = config.BlockWidths[level],
                Heads = config.Heads[level],
            });
        }

        return sites[first..];
    }
}
