using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Dramatis.Pictures;

/// <summary>Turns stored pixels into the picture meant.</summary>
internal static class PictureTurning
{
    public static Picture Apply(Picture stored, PictureOrientation orientation)
    {
        var sideways = orientation >= PictureOrientation.Transposed;
        var (width, height) = sideways ? (stored.Height, stored.Width) : (stored.Width, stored.Height);
        var turned = new Picture(width, height);
        var source = MemoryMarshal.Cast<byte, uint>(stored.Rgba.AsSpan());
        var target = MemoryMarshal.Cast<byte, uint>(turned.Rgba.AsSpan());
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var (sx, sy) = Source(orientation, x, y, stored.Width - 1, stored.Height - 1);
                target[(y * width) + x] = source[(sy * stored.Width) + sx];
            }
        }

        return turned;
    }

    // Where the pixel (x, y) of the upright picture is stored; right and bottom are the last stored column and row.
    private static (int X, int Y) Source(PictureOrientation orientation, int x, int y, int right, int bottom) =>
        orientation switch
        {
            PictureOrientation.Upright => (x, y),
            PictureOrientation.Mirrored => (right - x, y),
            PictureOrientation.HalfTurned => (right - x, bottom - y),
            PictureOrientation.Flipped => (x, bottom - y),
            PictureOrientation.Transposed => (y, x),
            PictureOrientation.QuarterTurned => (y, bottom - x),
            PictureOrientation.Transversed => (right - y, bottom - x),
            PictureOrientation.ThreeQuartersTurned => (right - y, x),
            _ => throw new UnreachableException(),
        };
}
