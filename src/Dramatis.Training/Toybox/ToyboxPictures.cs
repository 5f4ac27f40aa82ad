using Dramatis.Pictures;

namespace Dramatis.Toybox;

/// <summary>Scenes, references and cut-outs as pictures.</summary>
internal static class ToyboxPictures
{
    public static Picture From(byte[] rgb, int side) => Picture.FromRgb(rgb, new(side, side));

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
