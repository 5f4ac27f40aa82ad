using Dramatis.Pictures;
using Dramatis.Requests;

namespace Dramatis.Toybox;

/// <summary>Scenes, references and cut-outs as pictures.</summary>
internal static class ToyboxPictures
{
    public static Picture From(byte[] rgb, int side) => Picture.FromRgb(rgb, new(side, side));

    /// <summary>Where the subjects of a scene are, white on black.</summary>
    public static Picture MaskOf(Scene scene, int side) => From([.. scene.Inside.SelectMany(inside => Enumerable.Repeat(inside ? (byte)255 : (byte)0, 3))], side);

    /// <summary>A subject that was stretched to a square, its sides again as those of its box in a square scene; the longer side stays.</summary>
    public static Picture InShape(Picture square, Box box)
    {
        var scale = square.Width / Math.Max(box.Width, box.Height);
        return square.Resize(new(Pixels(box.Width), Pixels(box.Height)));

        int Pixels(double length) => Math.Max(1, (int)Math.Round(length * scale));
    }

    /// <summary>A cut-out as it is, before a ground of one colour.</summary>
    public static Picture Over(Cutout cutout, Rgb ground)
    {
        var from = cutout.Pixels.Span;
        var to = new byte[cutout.Width * cutout.Height * 3];
        ReadOnlySpan<byte> behind = [ground.Red, ground.Green, ground.Blue];
        for (var i = 0; i < to.Length; i++)
        {
            var (pixel, channel) = Math.DivRem(i, 3);
            to[i] = (byte)(from[(4 * pixel) + channel] + ((((255 - from[(4 * pixel) + 3]) * behind[channel]) + 127) / 255));
        }

        return Picture.FromRgb(to, new(cutout.Width, cutout.Height));
    }
}
