namespace Dramatis.Toybox.Grounds;

/// <summary>Lit grounds that people built: rooms and streets.</summary>
internal static class BuiltGrounds
{
    private static readonly uint[] Walls = [0xEEDCC4, 0xCFDDE8, 0xE2D0DE, 0xD4E2CC, 0xF0E6B8, 0xC4D8D4];
    private static readonly uint[] Houses = [0xC98A6A, 0xA8B4C4, 0xD9BE8A, 0xB87878, 0x8FA88A, 0xE0D4C0];
    private static readonly uint[] Things = [0xC4453C, 0x3C6EA8, 0xE0A83C, 0x4F8F5A, 0x7A4F8F, 0xD9D2C0, 0x8A5A3C];

    public static void Room(GroundBrush brush)
    {
        Wall(brush, .66);
        Window(brush, brush.Random.Between(.1, .55), brush.Random.Between(.08, .16), .3);
        var x = brush.Random.Between(.05, .75);
        brush.Block(x, .16, x + .18, .3, 0x8A6A4A);
        brush.Block(x + .012, .172, x + .168, .288, brush.Random.Pick(Things));
        brush.Spot(.5, brush.Horizon + .2, .36, .1, brush.Random.Pick(Things), .8);
        brush.Spot(.5, brush.Horizon + .2, .3, .08, brush.Random.Pick(Walls), .8);
    }

    public static void Kitchen(GroundBrush brush)
    {
        Wall(brush, .7);
        for (var y = .0; y < brush.Horizon - .18; y += .06)
        {
            brush.Line(0, y, 1, y, .0025, 0xFFFFFF, .5);
        }

        for (var x = .0; x < 1; x += .06)
        {
            brush.Line(x, 0, x, brush.Horizon - .18, .0025, 0xFFFFFF, .5);
        }

        Window(brush, brush.Random.Between(.3, .5), .08, .24);
        brush.Block(0, brush.Horizon - .2, 1, brush.Horizon - .17, 0xE8E2D8);
        for (var x = -.02; x < 1; x += .2)
        {
            brush.Block(x, brush.Horizon - .17, x + .195, brush.Horizon, 0xB08A62);
            brush.Spot(x + .17, brush.Horizon - .1, .008, .008, 0xE8E0D0);
        }

        Shelf(brush, .05, brush.Horizon - .2, .22, .07);
        Shelf(brush, .75, brush.Horizon - .2, .22, .07);
    }

    public static void Library(GroundBrush brush)
    {
        Wall(brush, .74);
        brush.Block(0, 0, 1, brush.Horizon - .02, 0x6A4A32);
        for (var row = 0; row < 4; row++)
        {
            var foot = (brush.Horizon - .04) * (row + 1) / 4;
            brush.Block(.02, foot - (brush.Horizon / 4) + .035, .98, foot, 0x3E2A1C);
            Shelf(brush, .03, foot, .94, brush.Horizon / 4 * .68);
            brush.Block(0, foot, 1, foot + .014, 0x8A6444);
        }
    }

    public static void Stage(GroundBrush brush)
    {
        brush.Horizon = .7;
        brush.Band(0, .7, 0x2A1420, 0x5A2430);
        for (var x = -.05; x < 1.05; x += .07)
        {
            var isOpen = x is > .3 and < .66;
            brush.Block(x, 0, x + .06, isOpen ? .16 : .7, 0xA8283C);
        }

        brush.Floor(.7, 0x8A5A38, 0x6A4228, 12, isTiled: false);
        var light = .5 + (.25 * brush.Light);
        brush.Shape(0xF8ECC0, 1, (light - .02, 0), (light + .02, 0), (light + .01, .02));
        brush.Glow(.5, .82, .45, 0xFFE9B0, .55);
    }

    public static void Table(GroundBrush brush)
    {
        brush.Horizon = brush.Random.Between(.45, .55);
        brush.Band(0, brush.Horizon, brush.Random.Pick(Walls), brush.Random.Pick(Walls));
        for (var i = 0; i < 12; i++)
        {
            brush.Spot(brush.Random.NextDouble(), brush.Horizon * brush.Random.NextDouble(), .08, .08, brush.Random.Pick(Things), .5, .03);
        }

        brush.Band(brush.Horizon, 1, 0xB98A5C, 0x8E6238);
        brush.Grain(brush.Horizon, 1, .5, .025, .4);
        brush.Block(0, brush.Horizon - .006, 1, brush.Horizon + .012, 0xD0A070);
    }

    public static void City(GroundBrush brush)
    {
        brush.Horizon += .12;
        brush.Sky(0x8FBDE8, 0xE6EEF4, brush.Horizon);
        brush.Clouds(3, .2);
        Row(brush, brush.Horizon - .05, .1, .5, 0x9AA8B8);
        Row(brush, brush.Horizon, .14, .4, null);
        brush.Band(brush.Horizon, 1, 0x8A8C92, 0x5E6068);
        brush.Block(0, brush.Horizon, 1, brush.Horizon + .05, 0xB8B4AC);
        brush.Grain(brush.Horizon, 1, .05, .03, .2);
        for (var x = brush.Random.Between(-.1, 0); x < 1; x += .2)
        {
            brush.Block(x, .86, x + .1, .875, 0xEEE8D4);
        }
    }

    public static void Village(GroundBrush brush)
    {
        brush.Sky(0x9CCBEA, 0xEEF4F2, brush.Horizon);
        brush.Hills(brush.Horizon - .03, 0xA4C48A, 0x7FAE62, 2, .04);
        var foot = brush.Horizon + .08;
        for (var x = brush.Random.Between(-.1, 0); x < 1; x += brush.Random.Between(.24, .34))
        {
            var (wide, high) = (brush.Random.Between(.16, .22), brush.Random.Between(.12, .18));
            brush.Block(x, foot - high, x + wide, foot, brush.Random.Pick(Houses));
            brush.Shape(0xA84F3A, .8, (x - .02, foot - high), (x + (wide / 2), foot - high - .11), (x + wide + .02, foot - high));
            brush.Block(x + (wide * .4), foot - (high * .6), x + (wide * .6), foot, 0x6A4630);
            brush.Block(x + (wide * .12), foot - (high * .75), x + (wide * .3), foot - (high * .4), 0xBFE0F0);
            brush.Block(x + (wide * .7), foot - (high * .75), x + (wide * .88), foot - (high * .4), 0xBFE0F0);
        }

        brush.Trees(foot, 4, .2, 0x5E9A48, 0x4F8A50);
        brush.Band(foot + .04, 1, 0x9CBE70, 0x6E9A4C);
        brush.Grass(foot + .07, 600, 0x6A9E4A, 0x93C068);
        brush.Horizon = foot;
    }

    public static void Street(GroundBrush brush)
    {
        brush.Horizon = .62;
        brush.Band(0, .62, brush.Random.Pick(Houses), brush.Random.Pick(Houses));
        for (var (y, row) = (0.0, 0); y < .62; y += .032, row++)
        {
            brush.Line(0, y, 1, y, .003, 0xD8CCBC, .6);
            for (var x = row % 2 * .04; x < 1; x += .08)
            {
                brush.Line(x, y, x, y + .032, .003, 0xD8CCBC, .6);
            }
        }

        Window(brush, brush.Random.Between(.08, .2), .12, .22);
        Window(brush, brush.Random.Between(.6, .72), .12, .22);
        brush.Floor(.62, 0xA8A49C, 0x8A867E, 7, isTiled: true);
    }

    private static void Wall(GroundBrush brush, double floor)
    {
        brush.Horizon = floor + brush.Random.Between(-.04, .04);
        var wall = brush.Random.Pick(Walls);
        brush.Band(0, brush.Horizon, wall, GroundParts.Mix(wall, 0x806850, .15));
        brush.Grain(0, brush.Horizon, .15, .15, .12);
        brush.LightUp(.16);
        brush.Floor(brush.Horizon, 0xA87850, 0x8A5C38, 9, brush.Random.Chance(.3));
        brush.Block(0, brush.Horizon - .025, 1, brush.Horizon, 0xF2EEE6);
    }

    private static void Window(GroundBrush brush, double x, double y, double size)
    {
        brush.Block(x - .02, y - .02, x + size + .02, y + size + .02, 0xF4F0E8);
        brush.Block(x, y, x + size, y + size, 0xA8D4F0);
        brush.Spot(x + (size * .3), y + (size * .4), size * .2, size * .08, 0xFFFFFF, .8, .004);
        brush.Spot(x + (size * .6), y + (size * .8), size * .35, size * .14, 0x7FAE6A);
        brush.Block(x, y + (size * .82), x + size, y + size, 0x7FAE6A);
        brush.Block(x - .01, y + size, x + size + .01, y + size + .02, 0xE4DED2);
        brush.Block(x + (size / 2) - .008, y, x + (size / 2) + .008, y + size, 0xF4F0E8);
    }

    private static void Shelf(GroundBrush brush, double from, double foot, double width, double height)
    {
        for (var x = from; x < from + width - .02;)
        {
            var thick = brush.Random.Between(.014, .036);
            brush.Block(x, foot - (height * brush.Random.Between(.65, 1)), x + thick, foot, brush.Random.Pick(Things));
            x += thick + .003;
        }
    }

    private static void Row(GroundBrush brush, double foot, double lowest, double highest, uint? colour)
    {
        for (var x = brush.Random.Between(-.1, 0); x < 1;)
        {
            var (wide, high) = (brush.Random.Between(.12, .22), brush.Random.Between(lowest, highest));
            brush.Block(x, foot - high, x + wide, foot, colour ?? brush.Random.Pick(Houses));
            for (var y = foot - high + .025; y < foot - .04; y += .05)
            {
                for (var column = x + .018; column < x + wide - .025; column += .038)
                {
                    brush.Block(column, y, column + .02, y + .028, brush.Random.Chance(.25) ? 0xF8E8A8u : 0x5E7488u);
                }
            }

            x += wide + .004;
        }
    }
}
