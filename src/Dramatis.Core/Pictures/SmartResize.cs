using Dramatis.Errors;

namespace Dramatis.Pictures;

/// <summary>The sizes that Qwen2-VL brings pictures to: whole tokens a side, an area between two limits, the shape nearly kept.</summary>
/// <remarks>
/// A token is two by two patches of 14 pixels. Pictures are resized twice: qwen-vl-utils does so near their own size, transformers'
/// image processor to the conditioning size. The first changes what the second sees, so both are kept.
/// </remarks>
internal static class SmartResize
{
    /// <summary>Pixels a side of what becomes one token.</summary>
    public const int Token = 28;

    private const int Area = Token * Token;
    private const double LongestShape = 200;

    /// <summary>The first of the two sizes.</summary>
    public static PixelSize First(PixelSize picture) => Fit(picture, 4 * Area, 16384 * Area, least: Token);

    /// <summary>The second, from the first. A very long picture's shorter side comes out as 0: see <see cref="Check"/>.</summary>
    /// <param name="side">About the pixels a side of a square picture; whole tokens of it count.</param>
    public static PixelSize Second(PixelSize first, int side)
    {
        var tokens = side / Token;
        return Fit(first, (tokens - 1) * (tokens - 1) * Area, ((tokens * tokens) + 1) * Area, least: 0);
    }

    /// <summary>Refuses a picture that the two resizes cannot bring to a size.</summary>
    /// <param name="name">The picture's file, or what the error is to call it.</param>
    /// <exception cref="UnreadablePictureException">It is too long for its width, or too wide for its height.</exception>
    public static void Check(PixelSize picture, int side, string name)
    {
        var shape = (double)Math.Max(picture.Width, picture.Height) / Math.Min(picture.Width, picture.Height);
        if (shape > LongestShape || Second(First(picture), side) is { Width: 0 } or { Height: 0 })
        {
            throw new UnreadablePictureException(
                name, $"{picture} pixels are too long a strip for references of about {side}x{side}; crop the picture nearer to a square.");
        }
    }

    // The order of the divisions is the reference's: it decides where a side falls between two multiples.
    private static PixelSize Fit(PixelSize picture, int smallest, int largest, int least)
    {
        var size = new PixelSize(Math.Max(least, Round(picture.Width)), Math.Max(least, Round(picture.Height)));
        var area = (double)size.Width * size.Height;
        var pixels = (double)picture.Width * picture.Height;
        if (area > largest)
        {
            var ratio = Math.Sqrt(pixels / largest);
            return new((int)Math.Floor(picture.Width / ratio / Token) * Token, (int)Math.Floor(picture.Height / ratio / Token) * Token);
        }

        if (area < smallest)
        {
            var ratio = Math.Sqrt(smallest / pixels);
            return new((int)Math.Ceiling(picture.Width * ratio / Token) * Token, (int)Math.Ceiling(picture.Height * ratio / Token) * Token);
        }

        return size;
    }

    private static int Round(int length) => (int)Math.Round((double)length / Token, MidpointRounding.ToEven) * Token;
}
