using Dramatis.Pictures;

namespace Dramatis.Tests.Pictures;

internal static class TestPictures
{
    /// <summary>Every pixel different, some of them transparent.</summary>
    public static Picture Gradient(int width, int height, bool alpha = false)
    {
        var picture = new Picture(width, height);
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                byte[] pixel = [(byte)(x * 7), (byte)(y * 11), (byte)(x + y), (byte)(alpha ? (x * y) + 1 : 255)];
                pixel.CopyTo(picture.Row(y)[(x * 4)..]);
            }
        }

        return picture;
    }
}
