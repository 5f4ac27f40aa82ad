namespace Dramatis.Toybox.Judging;

/// <summary>The box filter: each cell of a square grid is the mean of the pixels it covers, parts of pixels counted as such.</summary>
internal static class AreaAverage
{
    private const int Channels = 4;

    /// <summary>Red, green, blue and alpha planes (4, side, side), row by row, 0 to 1.</summary>
    /// <param name="rgba">Four bytes a pixel, rows from the top.</param>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="part">The part to take, in pixels, inside the picture.</param>
    public static float[] Planes(ReadOnlySpan<byte> rgba, int width, (double Left, double Top, double Right, double Bottom) part, int side)
    {
        var columns = Spans(part.Left, part.Right, side);
        var rows = Spans(part.Top, part.Bottom, side);
        var first = rows[0].Start;
        var narrow = new float[(rows[^1].Start + rows[^1].Weights.Length - first) * side * Channels];
        for (var y = 0; y < narrow.Length / (side * Channels); y++)
        {
            for (var x = 0; x < side; x++)
            {
                var at = (((first + y) * width) + columns[x].Start) * Channels;
                var to = narrow.AsSpan(((y * side) + x) * Channels, Channels);
                foreach (var weight in columns[x].Weights)
                {
                    for (var c = 0; c < Channels; c++)
                    {
                        to[c] += weight * rgba[at + c];
                    }

                    at += Channels;
                }
            }
        }

        return Down(narrow, rows, side);
    }

    private static float[] Down(float[] narrow, (int Start, float[] Weights)[] rows, int side)
    {
        var planes = new float[Channels * side * side];
        for (var y = 0; y < side; y++)
        {
            for (var k = 0; k < rows[y].Weights.Length; k++)
            {
                var weight = rows[y].Weights[k] / 255;
                var from = narrow.AsSpan((rows[y].Start - rows[0].Start + k) * side * Channels, side * Channels);
                for (var i = 0; i < from.Length; i++)
                {
                    planes[((i % Channels) * side * side) + (y * side) + (i / Channels)] += weight * from[i];
                }
            }
        }

        return planes;
    }

    private static (int Start, float[] Weights)[] Spans(double from, double to, int count)
    {
        var spans = new (int, float[])[count];
        var step = (to - from) / count;
        for (var i = 0; i < count; i++)
        {
            var (start, end) = (from + (i * step), from + ((i + 1) * step));
            var first = (int)start;
            var weights = new float[Math.Max(1, (int)Math.Ceiling(end - 1e-9) - first)];
            for (var k = 0; k < weights.Length; k++)
            {
                weights[k] = (float)((Math.Min(first + k + 1, end) - Math.Max(first + k, start)) / step);
            }

            spans[i] = (first, weights);
        }

        return spans;
    }
}
