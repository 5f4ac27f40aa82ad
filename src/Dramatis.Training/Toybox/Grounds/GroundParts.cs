namespace Dramatis.Toybox.Grounds;

/// <summary>Things that several lit grounds have.</summary>
internal static class GroundParts
{
    public static void Sky(this GroundBrush brush, uint top, uint bottom, double end)
    {
        brush.Band(0, end, top, bottom);
        brush.Glow(.5 + (.45 * brush.Light), end * .3, .6, 0xFFFFFF, .25);
    }

    public static void Sun(this GroundBrush brush, uint colour, double radius)
    {
        var (x, y) = (.5 + (brush.Light * brush.Random.Between(.15, .38)), brush.Random.Between(.1, .25));
        brush.Glow(x, y, radius * 4, colour, .5);
        brush.Spot(x, y, radius, radius, colour, softness: .006);
    }

    public static void Clouds(this GroundBrush brush, int count, double lowest, uint colour = 0xFAFCFF)
    {
        for (var i = 0; i < count; i++)
        {
            var (x, y, size) = (brush.Random.NextDouble(), brush.Random.Between(.03, lowest), brush.Random.Between(.5, 1.3));
            for (var puff = 0; puff < 6; puff++)
            {
                var (dx, dy) = (brush.Random.Between(-.1, .1) * size, brush.Random.Between(-.018, .012) * size);
                brush.Spot(x + dx, y + dy, .055 * size, .032 * size, colour, .6, .012);
            }
        }
    }

    /// <summary>Rows of rolling land, from far to near.</summary>
    public static void Hills(this GroundBrush brush, double from, uint far, uint near, int rows, double height)
    {
        brush.Band(from, 1, far, near);
        for (var row = 0; row < rows; row++)
        {
            var part = (row + 1.0) / rows;
            var level = from + ((1 - from) * .3 * row);
            var (waves, phase, rise) = (brush.Random.Between(.6, 1.8), brush.Random.Between(0, 6.3), height * brush.Random.Between(.5, 1));
            Span<(double, double)> line = new (double, double)[27];
            for (var i = 0; i <= 24; i++)
            {
                line[i] = (i / 24.0, level + (rise * Math.Sin(phase + (waves * i * Math.PI / 12))));
            }

            (line[25], line[26]) = ((1, 1), (0, 1));
            brush.Shape(Mix(far, near, part), .8, line);
        }
    }

    public static void Peaks(this GroundBrush brush, double foot, int count, uint rock, uint snow)
    {
        for (var i = 0; i < count; i++)
        {
            var (x, height, half) = (brush.Random.Between(-.05, 1.05), brush.Random.Between(.16, .38), brush.Random.Between(.16, .32));
            var (shade, top) = (-brush.Light * half, foot - height);
            brush.Shape(rock, .8, (x, top), (x + half, foot), (x - half, foot));
            brush.Shape(Mix(rock, 0x202838, .35), .85, (x, top), (x + shade, foot), (x + (shade * .12), foot));
            brush.Shape(
                snow,
                .95,
                (x, top),
                (x + (half * .27), top + (height * .27)),
                (x + (half * .06), top + (height * .2)),
                (x - (half * .08), top + (height * .3)),
                (x - (half * .27), top + (height * .27)));
        }
    }

    /// <summary>Trees with round crowns, far ones first.</summary>
    public static void Trees(this GroundBrush brush, double foot, int count, double size, params ReadOnlySpan<uint> crowns)
    {
        for (var i = 0; i < count; i++)
        {
            var near = (i + 1.0) / count;
            var (x, scale) = (brush.Random.NextDouble(), size * (.5 + (.6 * near)) * brush.Random.Between(.8, 1.2));
            var ground = foot + (.05 * near);
            brush.Spot(x - (brush.Light * .25 * scale), ground, scale * .5, scale * .06, 0x101810, .3, .01);
            brush.Block(x - (scale * .05), ground - (scale * .6), x + (scale * .05), ground, 0x6B4A32);
            var crown = crowns[brush.Random.Below(crowns.Length)];
            for (var puff = 0; puff < 7; puff++)
            {
                var (dx, dy, radius) = (brush.Random.Between(-.26, .26), brush.Random.Between(-.25, .2), brush.Random.Between(.16, .26));
                brush.Ball(x + (dx * scale), ground - ((.85 + dy) * scale), radius * scale, radius * scale * .9, crown);
            }
        }
    }

    public static void Firs(this GroundBrush brush, double foot, int count, double size, uint colour)
    {
        for (var i = 0; i < count; i++)
        {
            var near = (i + 1.0) / count;
            var (x, height) = (brush.Random.NextDouble(), size * (.5 + (.6 * near)) * brush.Random.Between(.8, 1.2));
            var ground = foot + (.06 * near);
            brush.Block(x - (height * .03), ground - (height * .15), x + (height * .03), ground, 0x5A4030);
            for (var tier = 0; tier < 4; tier++)
            {
                var (top, half) = (ground - height + (tier * height * .19), height * (.12 + (.06 * tier)));
                brush.Shape(colour, .7, (x, top), (x + half, top + (height * .34)), (x - half, top + (height * .34)));
            }
        }
    }

    /// <summary>Blades of grass, denser and longer towards the front.</summary>
    public static void Grass(this GroundBrush brush, double from, int count, params ReadOnlySpan<uint> colours)
    {
        for (var i = 0; i < count; i++)
        {
            var y = from + ((1 - from) * Math.Sqrt(brush.Random.NextDouble()));
            var (x, length) = (brush.Random.NextDouble(), .012 + (.035 * (y - from) / (1 - from)));
            brush.Line(x, y, x + brush.Random.Between(-.012, .012), y - length, .003, colours[brush.Random.Below(colours.Length)], .75);
        }
    }

    public static void Flowers(this GroundBrush brush, double from, int count, params ReadOnlySpan<uint> colours)
    {
        for (var i = 0; i < count; i++)
        {
            var y = from + ((1 - from) * brush.Random.NextDouble());
            var (x, size) = (brush.Random.NextDouble(), .005 + (.012 * (y - from) / (1 - from)));
            var colour = colours[brush.Random.Below(colours.Length)];
            for (var petal = 0; petal < 5; petal++)
            {
                var (sin, cos) = Math.SinCos(petal * 1.2566);
                brush.Spot(x + (cos * size), y + (sin * size), size * .75, size * .75, colour);
            }

            brush.Spot(x, y, size * .6, size * .6, 0xF6C93C);
        }
    }

    public static void Stars(this GroundBrush brush, int count, double lowest)
    {
        for (var i = 0; i < count; i++)
        {
            var radius = brush.Random.Between(.0012, .0045);
            brush.Spot(brush.Random.NextDouble(), brush.Random.NextDouble() * lowest, radius, radius, 0xF4F4E4, brush.Random.Between(.4, 1));
        }
    }

    /// <summary>Stones, cushions, leaves: many small round things.</summary>
    public static void Pebbles(this GroundBrush brush, double from, int count, double size, params ReadOnlySpan<uint> colours)
    {
        for (var i = 0; i < count; i++)
        {
            var y = from + ((1 - from) * brush.Random.NextDouble());
            var radius = size * (.35 + (.65 * (y - from) / (1 - from))) * brush.Random.Between(.5, 1.2);
            brush.Ball(brush.Random.NextDouble(), y, radius, radius * .6, colours[brush.Random.Below(colours.Length)]);
        }
    }

    /// <summary>Boards or tiles that run away from the eye.</summary>
    public static void Floor(this GroundBrush brush, double from, uint far, uint near, int boards, bool isTiled)
    {
        brush.Band(from, 1, far, near);
        brush.Grain(from, 1, .06, .4, .22);
        var joint = Mix(near, 0x000000, .35);
        for (var i = -boards; i <= boards * 2; i++)
        {
            var x = (double)i / boards;
            brush.Line(.5 + ((x - .5) * .55), from, .5 + ((x - .5) * 1.5), 1.02, .003, joint, .7);
        }

        for (var (row, y) = (0, from); isTiled && row < 8; row++, y += (1 - from) * .045 * (row + 1))
        {
            brush.Line(0, y, 1, y, .003, joint, .7);
        }
    }

    public static uint Mix(uint a, uint b, double part)
    {
        uint Channel(int shift) => (uint)(((a >> shift) & 255) + (part * ((double)((b >> shift) & 255) - ((a >> shift) & 255))));
        return (Channel(16) << 16) | (Channel(8) << 8) | Channel(0);
    }
}
