namespace Dramatis.Toybox.Grounds;

/// <summary>Lit grounds under the open sky, on land.</summary>
internal static class OpenGrounds
{
    public static void Beach(GroundBrush brush)
    {
        var shore = brush.Horizon + .12;
        brush.Sky(0x6FB7EA, 0xD3EDFA, brush.Horizon);
        brush.Clouds(3, .25);
        brush.Sun(0xFFF3C4, .05);
        Waves(brush, brush.Horizon, shore, 0x2B86B8, 0x5FC0CC);
        brush.Band(shore, 1, 0xF0DBA8, 0xD9B87C);
        brush.Grain(shore, 1, .05, .02, .22);
        brush.Spot(.5, shore, .7, .02, 0xFFFFFF, .7, .008);
        brush.Pebbles(shore + .08, 30, .009, 0xE8D5BD, 0xC49A7A, 0xF7E9E0);
        brush.Horizon = shore;
    }

    public static void Meadow(GroundBrush brush)
    {
        brush.Sky(0x73B9F0, 0xD8EFFA, brush.Horizon);
        brush.Clouds(4, .28);
        brush.Hills(brush.Horizon, 0x93C47A, 0x5FA544, 3, .04);
        brush.Trees(brush.Horizon + .02, 5, .14, 0x5E9E48, 0x74AE50);
        brush.Grass(brush.Horizon + .08, 900, 0x4F9438, 0x86BF55, 0x6FAE48);
        brush.Flowers(brush.Horizon + .12, 40, 0xFFFFFF, 0xF7D94C, 0xE88BB0);
    }

    public static void Snow(GroundBrush brush)
    {
        brush.Sky(0xA9C6DE, 0xE8F0F6, brush.Horizon);
        brush.Peaks(brush.Horizon + .02, 4, 0x8FA3B8, 0xF4F8FC);
        brush.Hills(brush.Horizon, 0xDCE8F2, 0xF6FAFE, 3, .04);
        brush.Firs(brush.Horizon + .04, 9, .2, 0x527A68);
        brush.Grain(brush.Horizon, 1, .05, .02, .2);
        for (var i = 0; i < 90; i++)
        {
            brush.Spot(brush.Random.NextDouble(), brush.Random.NextDouble(), .004, .004, 0xFFFFFF, .85, .001);
        }
    }

    public static void Desert(GroundBrush brush)
    {
        brush.Sky(0xF0BE7E, 0xFCEBC6, brush.Horizon);
        brush.Sun(0xFFFBE0, .055);
        brush.Hills(brush.Horizon, 0xE5B26C, 0xC48845, 4, .05);
        brush.Grain(brush.Horizon, 1, .3, .03, .35);
        for (var i = 0; i < 4; i++)
        {
            var (x, y, size) = (brush.Random.NextDouble(), brush.Horizon + brush.Random.Between(.01, .1), brush.Random.Between(.06, .12));
            brush.Line(x, y, x, y - size, size * .22, 0x5E8B4A);
            brush.Line(x, y - (size * .4), x + (size * .35), y - (size * .5), size * .14, 0x5E8B4A);
            brush.Line(x + (size * .35), y - (size * .5), x + (size * .35), y - (size * .8), size * .14, 0x6A9652);
        }
    }

    public static void Night(GroundBrush brush)
    {
        brush.Band(0, brush.Horizon + .1, 0x0B1030, 0x333E6E);
        brush.Stars(120, brush.Horizon);
        brush.Glow(.5 + (.3 * brush.Light), .18, .3, 0xC8D2F0, .4);
        brush.Ball(.5 + (.3 * brush.Light), .18, .06, .06, 0xF0EEDC);
        brush.Hills(brush.Horizon, 0x26344A, 0x141E2C, 3, .05);
        brush.Firs(brush.Horizon + .04, 8, .17, 0x1E3240);
        brush.Grass(brush.Horizon + .1, 400, 0x1F3038, 0x2C4048);
    }

    public static void Sunset(GroundBrush brush)
    {
        var x = .5 + (.2 * brush.Light);
        brush.Band(0, brush.Horizon, 0x5B3F7A, 0xF7A35C);
        brush.Clouds(4, brush.Horizon * .8, 0xE88A78);
        brush.Glow(x, brush.Horizon, .5, 0xFFD88A, .8);
        brush.Spot(x, brush.Horizon, .1, .1, 0xFFE6A6, softness: .006);
        Waves(brush, brush.Horizon, brush.Horizon + .2, 0xB0606C, 0x7C4668);
        brush.Hills(brush.Horizon + .18, 0x6A4452, 0x3C2A3C, 2, .03);
        brush.Grass(brush.Horizon + .25, 400, 0x3A2838, 0x5A3C44);
        brush.Horizon += .18;
    }

    public static void Forest(GroundBrush brush)
    {
        brush.Sky(0xA7CFB4, 0xDCEBD0, brush.Horizon + .1);
        brush.Firs(brush.Horizon, 12, .34, 0x7FAE90);
        brush.Trees(brush.Horizon + .05, 9, .42, 0x3F7F47, 0x57904A, 0x2F6B45);
        brush.Band(brush.Horizon + .1, 1, 0x6F8F48, 0x49602C);
        brush.Grain(brush.Horizon + .1, 1, .08, .04, .3);
        brush.Grass(brush.Horizon + .14, 700, 0x5E8A3C, 0x3F6A30, 0x84A352);
        brush.Pebbles(brush.Horizon + .15, 18, .014, 0x8A7A66, 0xA0502F);
        brush.Horizon += .1;
    }

    public static void Mountains(GroundBrush brush)
    {
        brush.Sky(0x86B9EA, 0xE4F0F8, brush.Horizon + .1);
        brush.Clouds(3, .22);
        brush.Peaks(brush.Horizon + .06, 7, 0x7D8798, 0xF2F6FA);
        brush.Hills(brush.Horizon + .04, 0x8FB07A, 0x5F8E4A, 3, .04);
        brush.Firs(brush.Horizon + .07, 10, .12, 0x3F6E50);
        brush.Pebbles(brush.Horizon + .16, 24, .018, 0x9A968E, 0xB4AFA6);
        brush.Grass(brush.Horizon + .14, 500, 0x5A8A42, 0x79A656);
    }

    public static void Garden(GroundBrush brush)
    {
        brush.Sky(0x8FC6F0, 0xE2F2F8, brush.Horizon);
        brush.Pebbles(brush.Horizon - .08, 40, .09, 0x4F8F46, 0x67A552, 0x3F7D44);
        brush.Band(brush.Horizon, 1, 0x86BE5E, 0x5E9C42);
        for (var x = -.02; x < 1.05; x += .055)
        {
            brush.Block(x, brush.Horizon - .14, x + .034, brush.Horizon + .03, 0xF2EEE4);
        }

        brush.Block(0, brush.Horizon - .1, 1, brush.Horizon - .08, 0xE4DED0);
        brush.Grass(brush.Horizon + .04, 800, 0x56963C, 0x8CC35C);
        brush.Flowers(brush.Horizon + .05, 90, 0xE2506A, 0xF7B23C, 0xB070D8, 0xFFFFFF);
    }

    public static void Autumn(GroundBrush brush)
    {
        brush.Sky(0xB4CCDC, 0xF2E8D4, brush.Horizon + .05);
        brush.Hills(brush.Horizon, 0xC9A25E, 0x8E7038, 2, .03);
        brush.Trees(brush.Horizon + .06, 9, .38, 0xD9822B, 0xC4512A, 0xE8B23C, 0xA8662E);
        brush.Grass(brush.Horizon + .14, 400, 0x9A8440, 0xB49A50);
        brush.Pebbles(brush.Horizon + .12, 160, .011, 0xD9722B, 0xC4412A, 0xE8B23C, 0x8A5A2E);
    }

    public static void Field(GroundBrush brush)
    {
        brush.Sky(0x7DBBEA, 0xE8F1F2, brush.Horizon);
        brush.Clouds(5, .3);
        brush.Hills(brush.Horizon, 0xE6CB78, 0xC99A3E, 2, .02);
        brush.Grass(brush.Horizon + .03, 1500, 0xD9B04A, 0xF0D488, 0xB8892F);
    }

    public static void Jungle(GroundBrush brush)
    {
        brush.Band(0, 1, 0x8FBF8A, 0x2C5A34);
        brush.Glow(.5 + (.3 * brush.Light), .1, .6, 0xF4F8C0, .6);
        brush.Trees(brush.Horizon + .05, 8, .6, 0x2F7A3C, 0x46903F, 0x1F6238);
        for (var i = 0; i < 26; i++)
        {
            var (x, y, length) = (brush.Random.NextDouble(), brush.Random.Between(0, .35), brush.Random.Between(.1, .3));
            brush.Line(x, y - .1, x + brush.Random.Between(-.1, .1), y + length, .006, 0x3A7A34, .8);
        }

        brush.Band(brush.Horizon + .1, 1, 0x4E7A3A, 0x2E5228);
        brush.Grass(brush.Horizon + .16, 900, 0x4A9A3C, 0x2F7034, 0x7FBF4E);
        brush.Horizon += .1;
    }

    internal static void Waves(GroundBrush brush, double from, double to, uint far, uint near)
    {
        brush.Band(from, to, far, near);
        brush.Grain(from, to, .2, .02, .35);
        for (var i = 0; i < 40; i++)
        {
            var y = from + ((to - from) * brush.Random.NextDouble());
            var (x, length) = (brush.Random.NextDouble(), .02 + (.06 * (y - from) / (to - from)));
            brush.Line(x, y, x + length, y, .0025, 0xFFFFFF, .35);
        }
    }
}
