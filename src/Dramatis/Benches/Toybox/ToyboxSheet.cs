using Dramatis.Pictures;
using Dramatis.Requests;
using Dramatis.Training;

namespace Dramatis.Benches.Toybox;

/// <summary>Draws orders and what came of them, to look at.</summary>
public static class ToyboxSheet
{
    private static readonly Rgb Frame = new(255, 40, 160);

    /// <summary>Blocks of rows: what was ordered (references in their places), what was painted, and what composing gives.</summary>
    /// <param name="columns">Orders side by side.</param>
    public static Picture Of(IReadOnlyList<ToyboxOrder> orders, IReadOnlyList<Picture> painted, int columns)
    {
        var rows = orders.Zip(painted).Chunk(columns).SelectMany(block => new IReadOnlyList<Picture>[]
        {
            [.. block.Select(pair => Ordered(pair.First))],
            [.. block.Select(pair => pair.Second)],
            [.. block.Select(pair => pair.First.Composed)],
        });
        return SampleSheet.Grid([.. rows]);
    }

    /// <summary>The references of an order on a grey ground, each stretched into its place, with a frame.</summary>
    public static Picture Ordered(ToyboxOrder order)
    {
        var sheet = Picture.Filled(order.Composed.Width, order.Composed.Height, new(200, 200, 200));
        foreach (var subject in order.Subjects)
        {
            Draw(subject.Reference, sheet, subject.Place);
        }

        return sheet;
    }

    private static void Draw(Picture reference, Picture sheet, Box place)
    {
        var (left, top) = ((int)(place.Left * sheet.Width), (int)(place.Top * sheet.Height));
        var (right, bottom) = ((int)Math.Ceiling(place.Right * sheet.Width), (int)Math.Ceiling(place.Bottom * sheet.Height));
        for (var y = Math.Max(0, top); y < Math.Min(sheet.Height, bottom); y++)
        {
            for (var x = Math.Max(0, left); x < Math.Min(sheet.Width, right); x++)
            {
                var isEdge = x == left || x == right - 1 || y == top || y == bottom - 1;
                var from = reference.Row((y - top) * reference.Height / (bottom - top))[(4 * ((x - left) * reference.Width / (right - left)))..];
                var to = sheet.Row(y)[(4 * x)..];
                (to[0], to[1], to[2]) = isEdge ? (Frame.Red, Frame.Green, Frame.Blue) : (from[0], from[1], from[2]);
            }
        }
    }
}
