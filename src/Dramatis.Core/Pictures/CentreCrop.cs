namespace Dramatis.Pictures;

/// <summary>Where a crop starts when it cannot be in the middle to the pixel.</summary>
internal enum CropOffset
{
    /// <summary>Further left and up, as transformers does.</summary>
    Down,

    /// <summary>To the even one of the two, as torchvision does.</summary>
    HalfToEven,
}

/// <summary>How encoders of pictures are given any of them: resized to fit, then cut to the middle square.</summary>
internal static class CentreCrop
{
    /// <param name="shorter">Pixels of the shorter side after resizing (bicubic); the longer one is cut to whole pixels.</param>
    /// <param name="side">Pixels of the square, at most <paramref name="shorter"/>.</param>
    public static Picture Take(Picture picture, int shorter, int side, CropOffset offset = CropOffset.Down)
    {
        var (size, square) = Plan(picture.Size, shorter, side, offset);
        return picture.Resize(size).Crop(square);
    }

    /// <summary>The size to resize to, and the square to cut out of it; arguments as those of <see cref="Take"/>.</summary>
    public static (PixelSize Size, PixelBox Square) Plan(PixelSize picture, int shorter, int side, CropOffset offset = CropOffset.Down)
    {
        var least = Math.Min(picture.Width, picture.Height);
        var size = new PixelSize(Scale(picture.Width), Scale(picture.Height));
        var (left, top) = (Offset(size.Width), Offset(size.Height));
        return (size, new(left, top, left + side, top + side));

        int Scale(int length) => (int)((long)shorter * length / least);

        int Offset(int length) => offset == CropOffset.Down ? (length - side) / 2 : (int)Math.Round((length - side) / 2.0, MidpointRounding.ToEven);
    }
}
