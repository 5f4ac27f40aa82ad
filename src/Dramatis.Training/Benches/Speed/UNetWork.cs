using Dramatis.Networks.UNet;
using Dramatis.Tensors;

namespace Dramatis.Benches.Speed;

/// <summary>What one call of a <see cref="UNet"/> has to compute, counted layer by layer from the shapes alone.</summary>
/// <remarks>
/// The work of the published architecture, whatever shortcut an engine takes. Norms, activations and sums are not counted.
/// Shapes: N cells of a level, C its width, E text width.
/// </remarks>
internal sealed class UNetWork
{
    private readonly UNetConfig config;
    private readonly Grid[] grids;
    private readonly int rows;
    private readonly int tokens;

    private UNetWork(UNetConfig config, Grid latents, int rows, int tokens)
    {
        (this.config, this.rows, this.tokens) = (config, rows, tokens);
        grids = new Grid[config.BlockWidths.Count];
        for (var level = 0; level < grids.Length; level++)
        {
            grids[level] = level == 0 ? latents : new((grids[level - 1].Width + 1) / 2, (grids[level - 1].Height + 1) / 2);
        }
    }

    private int First => config.BlockWidths[0];

    /// <param name="tokens">Tokens of the text.</param>
    public static Work Of(UNetConfig config, Grid latents, int rows, int tokens)
    {
        var work = new UNetWork(config, latents, rows, tokens);
        var levels = Enumerable.Range(0, config.BlockWidths.Count).ToList();
        return work.Ends() + Work.Sum(levels.Select(work.Down)) + work.Middle() + Work.Sum(levels.Select(work.Up));
    }

    private double Cells(int level) => (double)rows * grids[level].Cells;

    private Work Ends()
    {
        var added = config.Added is { } more ? Embedding(more.Width) : default;
        return Work.Conv(Cells(0), config.InChannels, First, 3) + Embedding(First) + added + Work.Conv(Cells(0), First, config.OutChannels, 3);
    }

    private Work Embedding(int from) => Work.Lin(rows, from, 4 * First) + Work.Lin(rows, 4 * First, 4 * First);

    private Work Down(int level)
    {
        var (width, last) = (config.BlockWidths[level], config.BlockWidths.Count - 1);
        var layers = Enumerable.Range(0, config.LayersPerBlock)
            .Select(layer => Layer(level, layer == 0 ? config.BlockWidths[Math.Max(level - 1, 0)] : width));
        return Work.Sum(layers) + (level < last ? Work.Conv(Cells(level + 1), width, width, 3) : default);
    }

    private Work Middle()
    {
        var last = config.BlockWidths.Count - 1;
        return Resnet(last, config.BlockWidths[last]) + Transformer(last) + Resnet(last, config.BlockWidths[last]);
    }

    private Work Up(int level)
    {
        var width = config.BlockWidths[level];
        var (below, above) = (config.BlockWidths[Math.Min(level + 1, config.BlockWidths.Count - 1)], config.BlockWidths[Math.Max(level - 1, 0)]);
        var layers = Enumerable.Range(0, config.LayersPerBlock + 1)
            .Select(layer => Layer(level, (layer == 0 ? below : width) + (layer == config.LayersPerBlock ? above : width)));
        return Work.Sum(layers) + (level > 0 ? Work.Conv(Cells(level - 1), width, width, 3) : default);
    }

    private Work Layer(int level, int from) => Resnet(level, from) + (config.Attention[level] ? Transformer(level) : default);

    private Work Resnet(int level, int from)
    {
        var width = config.BlockWidths[level];
        var shortcut = from == width ? default : Work.Conv(Cells(level), from, width, 1);
        return Work.Conv(Cells(level), from, width, 3) + Work.Lin(rows, 4 * First, width) + Work.Conv(Cells(level), width, width, 3) + shortcut;
    }

    private Work Transformer(int level)
    {
        var width = config.BlockWidths[level];
        var projection = config.LinearProjection ? Work.Lin(Cells(level), width, width) : Work.Conv(Cells(level), width, width, 1);
        return projection + Work.Sum(Enumerable.Repeat(Block(level, width), config.TransformerLayers[level])) + projection;
    }

    private Work Block(int level, int width)
    {
        double cells = grids[level].Cells;
        var self = Work.Lin(4 * Cells(level), width, width) + Work.Attend(rows, cells, cells, width);
        var cross = Work.Lin(2 * Cells(level), width, width) + Work.Lin(2.0 * rows * tokens, config.TextWidth, width)
            + Work.Attend(rows, cells, tokens, width);
        var feedForward = Work.Lin(Cells(level), width, 8 * width) + Work.Lin(Cells(level), 4 * width, width);
        return self + cross + feedForward;
    }
}
