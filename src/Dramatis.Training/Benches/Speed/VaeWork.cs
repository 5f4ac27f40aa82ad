using Dramatis.Networks.Vae;
using Dramatis.Tensors;

namespace Dramatis.Benches.Speed;

/// <summary>What decoding one picture has to compute, counted as in <see cref="UNetWork"/>.</summary>
internal static class VaeWork
{
    public static Work OfDecoding(VaeConfig config, Grid latents)
    {
        var (first, last) = (config.BlockWidths[0], config.BlockWidths[^1]);
        double cells = latents.Cells;
        var work = Work.Conv(cells, config.LatentChannels, last, 3) + Resnet(cells, last, last) + Resnet(cells, last, last);
        if (config.PostQuantConv)
        {
            work += Work.Conv(cells, config.LatentChannels, config.LatentChannels, 1);
        }

        if (config.MidAttention)
        {
            work += Work.Lin(4 * cells, last, last) + Work.Attend(1, cells, cells, last);
        }

        for (var level = 0; level < config.BlockWidths.Count; level++)
        {
            var width = config.BlockWidths[^(level + 1)];
            work += Resnet(cells, config.BlockWidths[^Math.Max(level, 1)], width);
            work += Work.Sum(Enumerable.Repeat(Resnet(cells, width, width), config.LayersPerBlock));
            if (level < config.BlockWidths.Count - 1)
            {
                cells *= 4;
                work += Work.Conv(cells, width, width, 3);
            }
        }

        return work + Work.Conv(cells, first, config.OutChannels, 3);
    }

    private static Work Resnet(double cells, int from, int to) =>
        Work.Conv(cells, from, to, 3) + Work.Conv(cells, to, to, 3) + (from == to ? default : Work.Conv(cells, from, to, 1));
}
