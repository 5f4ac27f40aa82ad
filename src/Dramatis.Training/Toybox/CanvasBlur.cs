namespace Dramatis.Toybox;

/// <summary>Puts a canvas out of focus.</summary>
internal static class CanvasBlur
{
    private const int Passes = 2;    // of a box: nearly a bell

    /// <param name="radius">Pixels; the canvas is larger.</param>
    public static void Blur(this Canvas canvas, int radius)
    {
        for (var pass = 0; pass < Passes; pass++)
        {
            Run(canvas.Rgb, canvas.Height, canvas.Width, canvas.Width * 3, 3, radius);
            Run(canvas.Rgb, canvas.Width, canvas.Height, 3, canvas.Width * 3, radius);
        }
    }

    // A running sum along each line; beyond its ends lies what is at them.
    private static void Run(byte[] rgb, int lines, int length, int lineStep, int step, int radius)
    {
        var line = new byte[length];
        for (var at = 0; at < lines * 3; at++)
        {
            var start = (at / 3 * lineStep) + (at % 3);
            for (var i = 0; i < length; i++)
            {
                line[i] = rgb[start + (i * step)];
            }

            var sum = 0;
            for (var i = -radius; i <= radius; i++)
            {
                sum += line[Math.Clamp(i, 0, length - 1)];
            }

            for (var i = 0; i < length; i++)
            {
                rgb[start + (i * step)] = (byte)(sum / ((2 * radius) + 1));
                sum += line[Math.Min(length - 1, i + radius + 1)] - line[Math.Max(0, i - radius)];
            }
        }
    }
}
