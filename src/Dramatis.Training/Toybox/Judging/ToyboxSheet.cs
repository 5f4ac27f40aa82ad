using Dramatis.Pictures;

namespace Dramatis.Toybox.Judging;

/// <summary>Draws orders and what came of them, to look at.</summary>
internal static class ToyboxSheet
{
    /// <summary>Blocks of rows: what was ordered (references in their places), what was painted, and what composing gives.</summary>
    /// <param name="columns">Orders side by side.</param>
    public static Picture Of(IReadOnlyList<ToyboxOrder> orders, IReadOnlyList<Picture> painted, int columns)
    {
        var rows = orders.Zip(painted).Chunk(columns).SelectMany(block => new IReadOnlyList<Picture>[]
        {
            [.. block.Select(pair => OrderSketch.Draw(pair.First))],
            [.. block.Select(pair => pair.Second)],
            [.. block.Select(pair => pair.First.Composed)],
        });
        return SampleSheet.Grid([.. rows]);
    }
}
