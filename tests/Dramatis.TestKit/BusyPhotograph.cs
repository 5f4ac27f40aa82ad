using Dramatis.Pictures;

namespace Dramatis.TestKit;

/// <summary>A red ball before a ground of many colours, none of them red, as a camera would see it: a subject that is worth cutting out.</summary>
public static class BusyPhotograph
{
    private const double Radius = .3;    // of the shorter side
    private const int Colours = 5;

    /// <summary>The photograph, opaque.</summary>
    public static Picture Make(int width, int height, int seed = 1)
    {
        var random = new Random(seed);
        var picture = new Picture(width, height);
        var colours = Enumerable.Range(0, Colours).Select(_ => (Green: random.Next(60, 220), Blue: random.Next(60, 220))).ToArray();
        var cells = Enumerable.Range(0, 64).Select(_ => colours[random.Next(Colours)]).ToArray();
        for (var i = 0; i < width * height; i++)
        {
            var (x, y) = (i % width, i / width);
            var cell = cells[(x * 8 / width) + (8 * (y * 8 / height))];
            var shade = random.Next(-12, 13);
            var (red, green, blue) = Shows(x, y, width, height) ? (200 + shade, 30 + shade, 40 + shade) : (50 + shade, cell.Green + shade, cell.Blue + shade);
            new[] { (byte)red, (byte)green, (byte)blue, (byte)255 }.CopyTo(picture.Rgba, 4 * i);
        }

        return picture;
    }

    /// <summary>Whether a pixel shows the ball.</summary>
    public static bool Shows(int x, int y, int width, int height)
    {
        var (across, down) = (x + .5 - (width / 2.0), y + .5 - (height / 2.0));
        return (across * across) + (down * down) < Radius * Radius * Math.Min(width, height) * Math.Min(width, height);
    }

    /// <summary>The share of pixels that a mask and the ball have together, of those that either has.</summary>
    public static double OverlapOf(Picture mask)
    {
        var (both, either) = (0, 0);
        for (var i = 0; i < mask.Width * mask.Height; i++)
        {
            var (cut, ball) = (mask.Rgba[4 * i] > 127, Shows(i % mask.Width, i / mask.Width, mask.Width, mask.Height));
            both += cut && ball ? 1 : 0;
            either += cut || ball ? 1 : 0;
        }

        return (double)both / either;
    }
}
