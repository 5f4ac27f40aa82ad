using Dramatis.Pictures;

namespace Dramatis.Training.EasyRef;

/// <summary>The size at which a picture is learned whole: about an area, its shape nearly kept.</summary>
internal static class NearSize
{
    private const int Step = 64;
    private const double MostLarger = 1.1;
    private const double MostSmaller = .8;

    /// <param name="side">Of the square that has the area, a multiple of 64 pixels.</param>
    /// <returns>Sides that are multiples of 64 pixels. What is nearly as large stays so, as in the reference.</returns>
    public static PixelSize Of(PixelSize picture, int side)
    {
        if (picture.Width == picture.Height)
        {
            return new(side, side);
        }

        var ratio = Math.Sqrt((double)picture.Width * picture.Height / ((double)side * side));
        return ratio is > MostLarger or < MostSmaller
            ? new(Up((int)Math.Ceiling(picture.Width / ratio)), Up((int)Math.Ceiling(picture.Height / ratio)))
            : new(Up(picture.Width), Up(picture.Height));
    }

    private static int Up(int length) => (length + Step - 1) / Step * Step;
}
