using Dramatis.Requests;
using Dramatis.Toybox.Grounds;

namespace Dramatis.Toybox;

/// <summary>A small RGB picture that cut-outs are drawn on.</summary>
internal sealed class Canvas(int width, int height)
{
    private const int VisibleAlpha = 40;
    private const int OpaqueAlpha = 128;

    // How much brighter the edge towards the light is than the middle.
    private const double SideLight = .1;
    private const double TopLight = .05;

    // A shadow on the ground is lower than what throws it, and leans away from the light.
    private const double CastHeight = .5;
    private const double CastLean = .9;
    private const double CastDarkness = .4;

    public int Width { get; } = width;

    public int Height { get; } = height;

    /// <summary>RGB bytes, row-major.</summary>
    public byte[] Rgb { get; } = new byte[width * height * 3];

    /// <summary>Which pixels show cut-outs, row-major.</summary>
    public bool[] Inside { get; } = new bool[width * height];

    public void Fill(byte red, byte green, byte blue)
    {
        for (var i = 0; i < Rgb.Length; i += 3)
        {
            (Rgb[i], Rgb[i + 1], Rgb[i + 2]) = (red, green, blue);
        }
    }

    /// <summary>Draws a cut-out of the given width in pixels around a centre.</summary>
    /// <param name="light">Where light comes from: -1 is the left, 1 the right, 0 nowhere.</param>
    /// <returns>The tight box of what is visible, in pixels (left, top, right, bottom); empty when nothing is.</returns>
    public Box Draw(Cutout cutout, View view, double centreX, double centreY, double size, double light = 0)
    {
        var level = cutout.LevelFor(size * cutout.Width / Math.Max(cutout.Width, cutout.Height));
        var scale = Math.Max(level.Width, level.Height) / size;
        var (sin, cos) = Math.SinCos(view.Angle * Math.PI / 180);
        var reachX = ((Math.Abs(cos) * level.Width) + (Math.Abs(sin) * level.Height)) / (2 * scale);
        var reachY = ((Math.Abs(sin) * level.Width) + (Math.Abs(cos) * level.Height)) / (2 * scale);
        var colour = ColourMatrix(view);
        var bounds = new Bounds();
        Span<float> pixel = stackalloc float[4];
        for (var y = Math.Max(0, (int)(centreY - reachY) - 1); y < Math.Min(Height, centreY + reachY + 1); y++)
        {
            for (var x = Math.Max(0, (int)(centreX - reachX) - 1); x < Math.Min(Width, centreX + reachX + 1); x++)
            {
                // From the picture back to the cut-out: turn by the opposite angle, then mirror.
                var (dx, dy) = (x + .5 - centreX, y + .5 - centreY);
                var across = ((cos * dx) + (sin * dy)) * scale;
                var down = ((cos * dy) - (sin * dx)) * scale;
                var u = (view.Mirrored ? -across : across) + (level.Width / 2.0) - .5;
                var v = down + (level.Height / 2.0) - .5;
                Sample(level, u, v, pixel);
                if (pixel[3] > .5f)
                {
                    if (light != 0)
                    {
                        Shade(pixel, 1 + (SideLight * light * dx / reachX) - (TopLight * dy / reachY));
                    }

                    Inside[(y * Width) + x] |= pixel[3] >= OpaqueAlpha;
                    Blend(((y * Width) + x) * 3, pixel, colour);
                    bounds.Add(x, y, pixel[3] >= VisibleAlpha);
                }
            }
        }

        return bounds.Box;
    }

    /// <summary>A soft dark ellipse.</summary>
    public void DrawShadow(double centreX, double centreY, double radiusX, double radiusY, double darkness)
    {
        for (var y = Math.Max(0, (int)(centreY - radiusY)); y < Math.Min(Height, centreY + radiusY); y++)
        {
            for (var x = Math.Max(0, (int)(centreX - radiusX)); x < Math.Min(Width, centreX + radiusX); x++)
            {
                var (dx, dy) = ((x + .5 - centreX) / radiusX, (y + .5 - centreY) / radiusY);
                var inside = 1 - ((dx * dx) + (dy * dy));
                if (inside > 0)
                {
                    var keep = 1 - (darkness * inside * inside);
                    for (var i = ((y * Width) + x) * 3; i < (((y * Width) + x) * 3) + 3; i++)
                    {
                        Rgb[i] = (byte)(Rgb[i] * keep);
                    }
                }
            }
        }
    }

    /// <summary>The shadow that a standing cut-out throws on its ground, soft as its smallest picture is.</summary>
    public void DrawCast(Cutout cutout, View view, double footX, double footY, double size, GroundView ground)
    {
        var level = cutout.LevelFor(0);
        var scale = Math.Max(level.Width, level.Height) / size;
        var (reach, height) = (level.Width / (2 * scale), level.Height / scale);
        var lean = height * CastHeight * CastLean;
        Span<float> pixel = stackalloc float[4];
        for (var y = (int)Math.Max(ground.Horizon * Height, footY - (height * CastHeight)); y < Math.Min(Height, footY); y++)
        {
            var up = footY - y - .5;
            for (var x = (int)Math.Max(0, footX - reach - lean); x < Math.Min(Width, footX + reach + lean); x++)
            {
                var across = (x + .5 - footX + (ground.Light * CastLean * up)) * scale;
                Sample(level, (view.Mirrored ? -across : across) + (level.Width / 2.0) - .5, level.Height - (up * scale / CastHeight) - .5, pixel);
                var keep = 1 - (CastDarkness * pixel[3] / 255 * (1 - (.6 * up / (height * CastHeight))));
                for (var i = ((y * Width) + x) * 3; i < (((y * Width) + x) * 3) + 3; i++)
                {
                    Rgb[i] = (byte)(Rgb[i] * keep);
                }
            }
        }
    }

    private static void Shade(Span<float> pixel, double factor)
    {
        for (var c = 0; c < 3; c++)
        {
            pixel[c] = (float)Math.Min(pixel[3], pixel[c] * factor);
        }
    }

    private static void Sample(Cutout.Level level, double u, double v, Span<float> pixel)
    {
        pixel.Clear();
        var (left, top) = ((int)Math.Floor(u), (int)Math.Floor(v));
        if (left < -1 || top < -1 || left >= level.Width || top >= level.Height)
        {
            return;
        }

        var (fx, fy) = ((float)(u - left), (float)(v - top));
        Add(level, left, top, (1 - fx) * (1 - fy), pixel);
        Add(level, left + 1, top, fx * (1 - fy), pixel);
        Add(level, left, top + 1, (1 - fx) * fy, pixel);
        Add(level, left + 1, top + 1, fx * fy, pixel);
    }

    private static void Add(Cutout.Level level, int x, int y, float weight, Span<float> pixel)
    {
        if (x < 0 || y < 0 || x >= level.Width || y >= level.Height)
        {
            return;
        }

        var i = ((y * level.Width) + x) * 4;
        for (var c = 0; c < 4; c++)
        {
            pixel[c] += weight * level.Pixels[i + c];
        }
    }

    private void Blend(int at, ReadOnlySpan<float> pixel, ReadOnlySpan<float> colour)
    {
        var ground = 1 - (pixel[3] / 255);
        for (var c = 0; c < 3; c++)
        {
            var value = (colour[3 * c] * pixel[0]) + (colour[(3 * c) + 1] * pixel[1]) + (colour[(3 * c) + 2] * pixel[2]);
            Rgb[at + c] = (byte)Math.Clamp(Math.Clamp(value, 0, pixel[3]) + (ground * Rgb[at + c]) + .5f, 0, 255);
        }
    }

    // Turning the colour circle is a rotation about the grey axis (1, 1, 1) / √3.
    private static float[] ColourMatrix(View view)
    {
        var (sin, cos) = Math.SinCos(view.Hue * Math.PI / 180);
        var (third, root) = ((1 - cos) / 3, sin / Math.Sqrt(3));
        double[] rotation =
        [
            cos + third, third - root, third + root,
            third + root, cos + third, third - root,
            third - root, third + root, cos + third,
        ];
        return [.. rotation.Select(value => (float)(value * view.Brightness))];
    }

    private struct Bounds
    {
        private int left = int.MaxValue;
        private int top = int.MaxValue;
        private int right = -1;
        private int bottom = -1;

        public Bounds()
        {
        }

        public readonly Box Box => right < 0 ? default : new(left, top, right + 1, bottom + 1);

        public void Add(int x, int y, bool visible)
        {
            if (visible)
            {
                (left, top) = (Math.Min(left, x), Math.Min(top, y));
                (right, bottom) = (Math.Max(right, x), Math.Max(bottom, y));
            }
        }
    }
}
