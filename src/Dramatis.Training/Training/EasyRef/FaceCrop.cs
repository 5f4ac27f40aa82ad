using Dramatis.Pictures;

namespace Dramatis.Training.EasyRef;

/// <summary>The square around a face that is shown for it.</summary>
internal static class FaceCrop
{
    /// <summary>How many steps of a hundredth the square may grow by at each side.</summary>
    public const int Growths = 50;

    /// <param name="growth">How much of its side the square grows by at each side, as far as the picture allows.</param>
    public static PixelBox Of(FaceBox face, PixelSize picture, double growth)
    {
        var square = Square(face);
        var most = Math.Min((((double)picture.Width / square.Width) - 1) / 2, (((double)picture.Height / square.Height) - 1) / 2);
        var more = (int)(Math.Min(growth, most) * square.Width);    // negative where the face is larger than the picture
        var (left, right) = Inside(square.Left - more, square.Right + more, picture.Width);
        var (top, bottom) = Inside(square.Top - more, square.Bottom + more, picture.Height);
        return new(left, top, right, bottom);
    }

    /// <summary>Around the middle of the face, as wide as its longer side rounded down to an even number.</summary>
    public static PixelBox Square(FaceBox face)
    {
        var (width, height) = (Even(face.Right - face.Left), Even(face.Bottom - face.Top));
        var half = Math.Max(2, Math.Max(width, height)) / 2;
        var (x, y) = ((int)((face.Left + face.Right) / 2), (int)((face.Top + face.Bottom) / 2));
        return new(x - half, y - half, x + half, y + half);
    }

    private static int Even(double length) => (int)(length + 1) / 2 * 2;

    // What is moved back from the right or bottom edge stops a pixel before it, as in the reference.
    private static (int From, int To) Inside(int from, int to, int length)
    {
        if (from < 0)
        {
            (from, to) = (0, to - from);
        }

        return to > length ? (from - (to - length + 1), length - 1) : (from, to);
    }
}
