namespace Dramatis.Pictures;

/// <summary>Small pictures in rows and columns, to look at.</summary>
internal static class SampleSheet
{
    private const int Gap = 4;

    private static readonly Rgb Ground = new(240, 240, 240);

    /// <summary>One picture that shows all; each column is as wide as its widest picture, each row as high as its highest.</summary>
    public static Picture Grid(IReadOnlyList<IReadOnlyList<Picture>> rows)
    {
        var columns = rows.Max(row => row.Count);
        int[] widths = [.. Enumerable.Range(0, columns).Select(i => rows.Max(row => i < row.Count ? row[i].Width : 0))];
        int[] heights = [.. rows.Select(row => row.Max(picture => picture.Height))];
        var sheet = Picture.Filled(widths.Sum() + (Gap * (columns + 1)), heights.Sum() + (Gap * (rows.Count + 1)), Ground);
        var top = Gap;
        for (var row = 0; row < rows.Count; row++)
        {
            var left = Gap;
            for (var column = 0; column < rows[row].Count; column++)
            {
                Paste(rows[row][column], sheet, left, top);
                left += widths[column] + Gap;
            }

            top += heights[row] + Gap;
        }

        return sheet;
    }

    private static void Paste(Picture picture, Picture sheet, int left, int top)
    {
        for (var y = 0; y < picture.Height; y++)
        {
            picture.Row(y).CopyTo(sheet.Row(top + y)[(4 * left)..]);
        }
    }
}
