using System.Diagnostics;
using System.Numerics;
using Dramatis.Tensors;

namespace Dramatis.Toybox.Hands;

/// <summary>Somebody's way to draw: what pictures of one style share, whatever they show.</summary>
/// <remarks>Colours from 0 to 1.</remarks>
/// <param name="Kind">What is done.</param>
/// <param name="Paper">The bright colour, or that of the ground.</param>
/// <param name="Ink">The dark colour, or that of lines.</param>
/// <param name="Tint">A third colour.</param>
/// <param name="Grain">Pixels of a square, a dot or from stroke to stroke, and levels of a colour.</param>
/// <param name="Own">How much of the picture's own colour is left, 0 to 1.</param>
internal sealed record Hand(HandKind Kind, Vector3 Paper, Vector3 Ink, Vector3 Tint, int Grain, float Own)
{
    private const uint Stream = 0x4A4D;
    private const float Sharp = 2.5f;
    private static readonly Vector3 Luminance = new(.299f, .587f, .114f);

    /// <summary>Hand number <paramref name="index"/>; the first ones are of each kind one.</summary>
    public static Hand Draw(ulong seed, int index)
    {
        var random = new StableRandom(seed, index, Stream);
        var kind = (HandKind)(index % Enum.GetValues<HandKind>().Length);
        return new(kind, Colour(random, .75, 1), Colour(random, 0, .35), Colour(random, .2, .9), 3 + random.Below(4), (float)random.Between(0, .4));
    }

    /// <summary>A picture as this hand draws it.</summary>
    /// <param name="rgb">Bytes of a square picture, row by row; they stay.</param>
    public byte[] Paint(byte[] rgb, int side)
    {
        var pixels = new Vector3[side * side];
        for (var i = 0; i < pixels.Length; i++)
        {
            pixels[i] = new Vector3(rgb[3 * i], rgb[(3 * i) + 1], rgb[(3 * i) + 2]) / 255;
        }

        var drawn = new byte[rgb.Length];
        for (var i = 0; i < pixels.Length; i++)
        {
            var colour = Vector3.Clamp(ColourAt(pixels, side, i % side, i / side), Vector3.Zero, Vector3.One) * 255;
            (drawn[3 * i], drawn[(3 * i) + 1], drawn[(3 * i) + 2]) = ((byte)MathF.Round(colour.X), (byte)MathF.Round(colour.Y), (byte)MathF.Round(colour.Z));
        }

        return drawn;
    }

    private static Vector3 Colour(StableRandom random, double least, double most) =>
        new((float)random.Between(least, most), (float)random.Between(least, most), (float)random.Between(least, most));

    private Vector3 ColourAt(Vector3[] pixels, int side, int x, int y)
    {
        var here = pixels[(y * side) + x];
        switch (Kind)
        {
            case HandKind.Ink:
                return Vector3.Lerp(Vector3.Lerp(Paper, here, Own), Ink, Edge(pixels, side, x, y));
            case HandKind.Chalk:
                return Vector3.Lerp(Vector3.Lerp(Ink, here * .5f, Own), Vector3.Lerp(Paper, here, Own), Edge(pixels, side, x, y));
            case HandKind.Duotone:
                var bright = Vector3.Dot(here, Luminance);
                var ramp = bright < .5f ? Vector3.Lerp(Ink, Tint, 2 * bright) : Vector3.Lerp(Tint, Paper, (2 * bright) - 1);
                return Vector3.Lerp(ramp, here, Own / 2);
            case HandKind.Poster:
                var levels = Grain - 1;
                var few = new Vector3(Level(here.X, levels), Level(here.Y, levels), Level(here.Z, levels));
                return Vector3.Lerp(Vector3.Lerp(Ink, Paper, .5f) * few, Ink + ((Paper - Ink) * few), .5f + Own);
            case HandKind.Mosaic:
                var isJoint = x % (Grain + 2) == 0 || y % (Grain + 2) == 0;
                return isJoint ? Ink : Mean(pixels, side, x - (x % (Grain + 2)), y - (y % (Grain + 2)), Grain + 2);
            case HandKind.Dots:
                var (left, top) = (x - (x % Grain), y - (y % Grain));
                var dark = 1 - Vector3.Dot(Mean(pixels, side, left, top, Grain), Luminance);
                var from = Vector2.Distance(new(x - left, y - top), new((Grain - 1) / 2f));
                var covered = Math.Clamp((Grain * .75f * MathF.Sqrt(dark)) - from + .5f, 0, 1);
                return Vector3.Lerp(Paper, Vector3.Lerp(Ink, here, Own), covered);
            case HandKind.Hatching:
                var shade = 1 - Vector3.Dot(Mean(pixels, side, x - 1, y - 1, 3), Luminance);
                var isStroke = ((x + y) % Grain == 0 && shade > .25f) || ((x - y + side) % Grain == 0 && shade > .5f) || shade > .8f;
                return Vector3.Lerp(isStroke ? Ink : Paper, here, Own);
            case HandKind.Wash:
                var soft = Mean(pixels, side, x - Grain, y - Grain, (2 * Grain) + 1);
                return Vector3.Lerp(Vector3.Lerp(soft, Tint, .35f), Ink, .5f * Edge(pixels, side, x, y));
            default:
                throw new UnreachableException($"{Kind}");
        }
    }

    private static float Level(float value, int levels) => MathF.Round(value * levels) / levels;

    // 0 on a plain, 1 at an outline (Sobel's differences).
    private static float Edge(Vector3[] pixels, int side, int x, int y)
    {
        var (across, down) = (0f, 0f);
        for (var i = -1; i <= 1; i++)
        {
            var weight = i == 0 ? 2 : 1;
            across += weight * (Bright(x + 1, y + i) - Bright(x - 1, y + i));
            down += weight * (Bright(x + i, y + 1) - Bright(x + i, y - 1));
        }

        return Math.Clamp((Sharp * MathF.Sqrt((across * across) + (down * down)) / 4) - .1f, 0, 1);

        float Bright(int column, int row) => Vector3.Dot(pixels[(Math.Clamp(row, 0, side - 1) * side) + Math.Clamp(column, 0, side - 1)], Luminance);
    }

    private static Vector3 Mean(Vector3[] pixels, int side, int left, int top, int size)
    {
        var sum = Vector3.Zero;
        for (var y = top; y < top + size; y++)
        {
            for (var x = left; x < left + size; x++)
            {
                sum += pixels[(Math.Clamp(y, 0, side - 1) * side) + Math.Clamp(x, 0, side - 1)];
            }
        }

        return sum / (size * size);
    }
}
