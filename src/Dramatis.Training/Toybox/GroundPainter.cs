using System.Diagnostics;
using Dramatis.Tensors;
using SkiaSharp;

namespace Dramatis.Toybox;

/// <summary>Draws one ground; coordinates are fractions of its side.</summary>
internal sealed class GroundPainter(SKCanvas canvas, StableRandom random, int side)
{
    public void Paint(string kind)
    {
        var horizon = random.Between(.42, .62);
        switch (kind)
        {
            case "beach":
                Sky((120, 195, 240), (200, 232, 250), horizon);
                Band(horizon, .72, (50, 150, 200), (90, 190, 210));
                Band(.72, 1, (238, 214, 160), (222, 190, 128));
                Sun((255, 240, 170), .16);
                break;
            case "meadow":
                Sky((130, 200, 245), (205, 236, 250), horizon);
                Hills(horizon, 2, (120, 185, 90), (90, 160, 70));
                Dots(26, .8, (250, 240, 120), .008);
                Clouds();
                break;
            case "snow":
                Sky((175, 205, 228), (225, 236, 244), horizon);
                Hills(horizon, 2, (236, 243, 250), (215, 228, 242));
                Dots(60, 0, (255, 255, 255), .009);
                break;
            case "desert":
                Sky((250, 205, 140), (253, 232, 190), horizon);
                Hills(horizon, 3, (226, 170, 95), (196, 138, 72));
                Sun((255, 250, 210), .13);
                break;
            case "night":
                Sky((12, 16, 48), (34, 40, 88), 1);
                Dots(50, 0, (240, 240, 210), .006);
                Sun((235, 235, 215), .12);
                Hills(.75, 2, (22, 30, 40), (14, 20, 30));
                break;
            case "sunset":
                Sky((110, 60, 120), (250, 150, 80), horizon);
                Circle(random.Between(.25, .75), horizon, .14, (255, 214, 120));
                Band(horizon, 1, (150, 80, 90), (70, 40, 70));
                break;
            case "space":
                Sky((6, 6, 18), (18, 10, 36), 1);
                Dots(80, 0, (230, 230, 255), .006);
                Circle(random.Between(.1, .9), random.Between(.1, .9), random.Between(.08, .2), Jitter((150, 90, 160)));
                break;
            case "room":
                Room();
                break;
            case "city":
                Sky((150, 190, 225), (220, 232, 240), 1);
                Houses(horizon + .2);
                Band(horizon + .2, 1, (120, 122, 128), (92, 94, 100));
                break;
            case "water":
                Sky((40, 150, 200), (10, 60, 120), 1);
                Hills(.86, 1, (200, 180, 120), (170, 150, 100));
                Dots(18, 0, (190, 230, 245), .018);
                break;
            case "forest":
                Sky((170, 215, 200), (120, 180, 140), 1);
                Trees(horizon);
                Band(horizon + .22, 1, (86, 120, 60), (60, 92, 44));
                break;
            case "mountains":
                Sky((150, 195, 235), (220, 235, 245), 1);
                Peaks(horizon);
                Hills(horizon + .2, 1, (110, 150, 90), (84, 126, 70));
                break;
            default:
                throw new UnreachableException($"no ground is called {kind}");
        }
    }

    private void Sky((int, int, int) top, (int, int, int) bottom, double end) => Band(0, end, top, bottom);

    private void Band(double from, double to, (int, int, int) first, (int, int, int) last)
    {
        var (top, bottom) = ((float)(from * side), (float)(to * side));
        using var shader = SKShader.CreateLinearGradient(
            new(0, top), new(0, bottom), [Colour(Jitter(first)), Colour(Jitter(last))], SKShaderTileMode.Clamp);
        using var paint = new SKPaint { Shader = shader };
        canvas.DrawRect(0, top, side, bottom - top + 1, paint);
    }

    private void Hills(double from, int rows, (int, int, int) far, (int, int, int) near)
    {
        Band(from, 1, far, near);    // no gap where the first row dips
        for (var row = 0; row < rows; row++)
        {
            var part = rows == 1 ? 0 : (double)row / (rows - 1);
            var level = from + ((1 - from) * .35 * row);
            var (height, waves, phase) = (random.Between(.02, .07), random.Between(.7, 2), random.Between(0, 6.3));
            using var line = new SKPathBuilder();
            line.MoveTo(0, side);
            for (var i = 0; i <= 16; i++)
            {
                line.LineTo(side * i / 16f, (float)(side * (level + (height * Math.Sin(phase + (waves * i * Math.PI / 8))))));
            }

            line.LineTo(side, side);
            using var path = line.Detach();
            Fill(path, Jitter(Mix(far, near, part)));
        }
    }

    private void Peaks(double horizon)
    {
        for (var i = 0; i < 4; i++)
        {
            var (x, height, half) = (random.Between(0, 1), random.Between(.25, .45), random.Between(.2, .34));
            var foot = horizon + .25;
            Triangle(x, foot - height, half, foot, Jitter((110, 118, 140)));
            Triangle(x, foot - height, half * .3, foot - (height * .7), (240, 244, 250));
        }
    }

    private void Trees(double horizon)
    {
        for (var i = 0; i < 9; i++)
        {
            var (x, height) = (random.Between(0, 1), random.Between(.35, .55));
            var foot = horizon + random.Between(.18, .26);
            Triangle(x, foot - height, random.Between(.07, .13), foot, Jitter((40, 110, 64)));
        }
    }

    private void Houses(double foot)
    {
        for (var x = -.05; x < 1;)
        {
            var (width, height) = (random.Between(.12, .24), random.Between(.2, .55));
            Rectangle(x, foot - height, x + width, foot, Jitter(random.Pick(HouseColours)));
            for (var row = foot - height + .05; row < foot - .05; row += .085)
            {
                for (var column = x + .03; column < x + width - .03; column += .06)
                {
                    Rectangle(column, row, column + .028, row + .04, random.Chance(.4) ? (250, 230, 150) : (90, 110, 140));
                }
            }

            x += width;
        }
    }

    private static readonly (int, int, int)[] HouseColours = [(150, 120, 110), (120, 130, 150), (170, 150, 120), (140, 110, 130)];

    private static readonly (int, int, int)[] WallColours = [(240, 222, 200), (205, 222, 235), (225, 210, 230), (215, 230, 205)];

    private void Room()
    {
        var floor = random.Between(.64, .76);
        Band(0, floor, random.Pick(WallColours), random.Pick(WallColours));
        Band(floor, 1, (172, 124, 84), (140, 98, 64));
        Rectangle(0, floor - .02, 1, floor, (250, 248, 240));
        var (x, y, size) = (random.Between(.1, .6), random.Between(.08, .2), random.Between(.24, .32));
        Rectangle(x - .02, y - .02, x + size + .02, y + size + .02, (250, 250, 245));
        Rectangle(x, y, x + size, y + size, Jitter((150, 205, 240)));
        Rectangle(x + (size / 2) - .01, y, x + (size / 2) + .01, y + size, (250, 250, 245));
    }

    private void Clouds()
    {
        for (var i = 0; i < 3; i++)
        {
            var (x, y) = (random.Between(0, 1), random.Between(.06, .25));
            for (var puff = -1; puff < 2; puff++)
            {
                Circle(x + (puff * .06), y + (Math.Abs(puff) * .012), .05 - (Math.Abs(puff) * .012), (250, 252, 255));
            }
        }
    }

    private void Sun((int, int, int) colour, double radius) =>
        Circle(random.Between(.12, .88), random.Between(.1, .26), radius * random.Between(.5, .8), colour);

    private void Dots(int count, double from, (int, int, int) colour, double radius)
    {
        for (var i = 0; i < count; i++)
        {
            Circle(random.NextDouble(), random.Between(from, 1), radius * random.Between(.6, 1.5), colour);
        }
    }

    private void Circle(double x, double y, double radius, (int, int, int) colour)
    {
        using var paint = Paint(colour);
        canvas.DrawCircle((float)(x * side), (float)(y * side), (float)(radius * side), paint);
    }

    private void Rectangle(double left, double top, double right, double bottom, (int, int, int) colour)
    {
        using var paint = Paint(colour);
        canvas.DrawRect(new((float)(left * side), (float)(top * side), (float)(right * side), (float)(bottom * side)), paint);
    }

    private void Triangle(double x, double top, double half, double foot, (int, int, int) colour)
    {
        using var line = new SKPathBuilder();
        line.MoveTo((float)(x * side), (float)(top * side));
        line.LineTo((float)((x + half) * side), (float)(foot * side));
        line.LineTo((float)((x - half) * side), (float)(foot * side));
        line.Close();
        using var path = line.Detach();
        Fill(path, colour);
    }

    private void Fill(SKPath path, (int, int, int) colour)
    {
        using var paint = Paint(colour);
        canvas.DrawPath(path, paint);
    }

    private (int, int, int) Jitter((int R, int G, int B) colour) => (Shift(colour.R), Shift(colour.G), Shift(colour.B));

    private int Shift(int value) => Math.Clamp(value + (int)random.Between(-14, 15), 0, 255);

    private static (int, int, int) Mix((int R, int G, int B) a, (int R, int G, int B) b, double part) =>
        ((int)(a.R + (part * (b.R - a.R))), (int)(a.G + (part * (b.G - a.G))), (int)(a.B + (part * (b.B - a.B))));

    private static SKPaint Paint((int, int, int) colour) => new() { Color = Colour(colour), IsAntialias = true };

    private static SKColor Colour((int R, int G, int B) colour) => new((byte)colour.R, (byte)colour.G, (byte)colour.B);
}
