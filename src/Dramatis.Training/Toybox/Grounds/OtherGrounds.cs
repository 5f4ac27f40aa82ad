namespace Dramatis.Toybox.Grounds;

/// <summary>Lit grounds under water, in the air and in space, by water and in bad weather.</summary>
internal static class OtherGrounds
{
    public static void Space(GroundBrush brush)
    {
        brush.Band(0, 1, 0x070718, 0x1A1030);
        brush.Glow(brush.Random.NextDouble(), brush.Random.NextDouble(), .6, 0x4A2A7A, .5);
        brush.Glow(brush.Random.NextDouble(), brush.Random.NextDouble(), .5, 0x1F4A7A, .5);
        brush.Grain(0, 1, .3, .3, .5);
        brush.Stars(180, 1);
        var (x, y, radius) = (brush.Random.Between(.1, .9), brush.Random.Between(.1, .9), brush.Random.Between(.08, .2));
        brush.Ball(x, y, radius, radius, brush.Random.Pick<uint>([0xB06A8A, 0x6A8AC4, 0xC9965A, 0x5AA88A]));
        brush.Line(x - (radius * 1.7), y + (radius * .4), x + (radius * 1.7), y - (radius * .4), .008, 0xE0CBA8, .7);
        brush.Horizon = 0;
    }

    public static void UnderWater(GroundBrush brush)
    {
        brush.Band(0, 1, 0x4FB7D8, 0x0C3F78);
        for (var i = 0; i < 6; i++)
        {
            var (x, slant) = (brush.Random.NextDouble(), -.25 * brush.Light);
            brush.Line(x, -.05, x + slant, brush.Random.Between(.5, .9), brush.Random.Between(.02, .06), 0xC8F0F8, .12);
        }

        var floor = brush.Random.Between(.74, .84);
        brush.Hills(floor, 0xB9A874, 0x8E7F54, 2, .03);
        brush.Grain(floor, 1, .08, .03, .3);
        brush.Pebbles(floor + .02, 26, .03, 0xD9627A, 0xE89A5A, 0x8A6AC0, 0x7A8A80);
        for (var i = 0; i < 14; i++)
        {
            var (x, y) = (brush.Random.NextDouble(), floor + brush.Random.Between(.02, .14));
            for (var (step, at) = (0, x); step < 5; step++)
            {
                var next = x + (.018 * Math.Sin((step * 1.3) + (x * 40)));
                brush.Line(at, y - (step * .035), next, y - ((step + 1) * .035), .008, 0x3E9A5A, .85);
                at = next;
            }
        }

        for (var i = 0; i < 34; i++)
        {
            var radius = brush.Random.Between(.004, .016);
            brush.Ball(brush.Random.NextDouble(), brush.Random.NextDouble(), radius, radius, 0xA8DCEE);
        }

        brush.Horizon = floor;
    }

    public static void Clouds(GroundBrush brush)
    {
        brush.Band(0, 1, 0x4F9BE0, 0xCFE6F7);
        brush.Sun(0xFFF6D8, .05);
        for (var i = 0; i < 110; i++)
        {
            var y = .55 + (.5 * Math.Sqrt(brush.Random.NextDouble()));
            brush.Spot(brush.Random.NextDouble(), y, brush.Random.Between(.05, .13), brush.Random.Between(.03, .07), 0xF4F7FC, .55, .015);
        }

        brush.Clouds(4, .4);
        brush.Horizon = .6;
    }

    public static void Lake(GroundBrush brush)
    {
        brush.Sky(0x8CC0EA, 0xE8F2F6, brush.Horizon);
        brush.Peaks(brush.Horizon, 5, 0x7F93A8, 0xEEF4F8);
        brush.Firs(brush.Horizon, 16, .1, 0x3F6E58);
        var shore = brush.Horizon + .2;
        OpenGrounds.Waves(brush, brush.Horizon, shore, 0x6FA6C4, 0x3E7EA8);
        brush.Band(shore, 1, 0x93B068, 0x5F8A44);
        brush.Pebbles(shore - .01, 40, .014, 0xA8A49A, 0x8A867C, 0xC4C0B4);
        brush.Grass(shore + .03, 600, 0x5A8E40, 0x86B45A);
        brush.Horizon = shore;
    }

    public static void Rain(GroundBrush brush)
    {
        brush.Band(0, brush.Horizon, 0x6C7A88, 0xB4BEC6);
        brush.Clouds(8, .3, 0x8A949E);
        brush.Hills(brush.Horizon, 0x8A9C8C, 0x5E7064, 2, .03);
        brush.Grain(brush.Horizon, 1, .2, .04, .3);
        for (var i = 0; i < 9; i++)
        {
            brush.Spot(brush.Random.NextDouble(), brush.Horizon + brush.Random.Between(.1, .45), brush.Random.Between(.05, .14), .016, 0xA8B8C4, .8, .004);
        }

        for (var i = 0; i < 170; i++)
        {
            var (x, y, length) = (brush.Random.NextDouble(), brush.Random.NextDouble(), brush.Random.Between(.03, .07));
            brush.Line(x, y, x - (.012 * brush.Light), y + length, .002, 0xDCE8F0, .5);
        }
    }

    public static void Ice(GroundBrush brush)
    {
        brush.Sky(0x9CC8E8, 0xEEF6FA, brush.Horizon);
        brush.Peaks(brush.Horizon + .01, 6, 0xB4D0E4, 0xFFFFFF);
        brush.Band(brush.Horizon, 1, 0xCFE6F2, 0x9CCBE0);
        brush.Grain(brush.Horizon, 1, .2, .03, .4);
        for (var i = 0; i < 12; i++)
        {
            var (x, y) = (brush.Random.NextDouble(), brush.Horizon + brush.Random.Between(.05, .5));
            for (var piece = 0; piece < 4; piece++)
            {
                var (toX, toY) = (x + brush.Random.Between(-.08, .08), y + brush.Random.Between(-.02, .03));
                brush.Line(x, y, toX, toY, .003, 0xFFFFFF, .8);
                (x, y) = (toX, toY);
            }
        }
    }

    public static void Cave(GroundBrush brush)
    {
        brush.Band(0, 1, 0x3A342F, 0x5A4C40);
        brush.Glow(.5 + (.25 * brush.Light), .4, .5, 0xF0D8A0, .7);
        brush.Grain(0, 1, .22, .16, .5);
        foreach (var (y, sign) in new[] { (0.0, 1), (1.0, -1) })
        {
            for (var i = 0; i < 16; i++)
            {
                var (x, half, length) = (brush.Random.NextDouble(), brush.Random.Between(.02, .06), brush.Random.Between(.06, sign > 0 ? .32 : .12));
                brush.Shape(sign > 0 ? 0x3A302Au : 0x5A4C40u, .75, (x - half, y), (x + half, y), (x + (half * .1), y + (sign * length)));
            }
        }

        brush.Pebbles(.75, 40, .03, 0x6A5C4E, 0x7A6A58, 0x52463C);
        brush.Horizon = .68;
    }
}
