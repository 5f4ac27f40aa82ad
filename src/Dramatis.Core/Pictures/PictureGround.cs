namespace Dramatis.Pictures;

/// <summary>What the subject of a photograph stands on, as far as the outermost pixels show it.</summary>
internal static class PictureGround
{
    private const int WorkingSide = 320;      // pixels of the longer side that are looked at
    private const double PlainSpread = 9;     // of 255, mean distance of the border from its middle colour

    /// <summary>The picture as small as it is looked at, opaque.</summary>
    public static Picture Reduced(Picture picture)
    {
        var scale = Math.Min(1, (double)WorkingSide / Math.Max(picture.Width, picture.Height));
        return picture.WithoutAlpha().Resize(new(Math.Max(8, (int)(picture.Width * scale)), Math.Max(8, (int)(picture.Height * scale))));
    }

    /// <summary>Whether it is of about one colour, however light.</summary>
    /// <param name="reduced">See <see cref="Reduced"/>.</param>
    public static bool IsPlain(Picture reduced) => SpreadOf(reduced) < PlainSpread;

    private static double SpreadOf(Picture picture)
    {
        var rgb = picture.ToRgb();
        int[] pixels =
        [
            .. Enumerable.Range(0, picture.Width), .. Enumerable.Range((picture.Height - 1) * picture.Width, picture.Width),
            .. Enumerable.Range(0, picture.Height).SelectMany(row => new[] { row * picture.Width, ((row + 1) * picture.Width) - 1 }),
        ];
        return Enumerable.Range(0, 3).Average(channel =>
        {
            int[] values = [.. pixels.Select(pixel => (int)rgb[(3 * pixel) + channel]).Order()];
            return values.Average(value => Math.Abs(value - values[values.Length / 2]));
        });
    }
}
