namespace Dramatis.Pictures;

/// <summary>A rectangle of whole pixels: Left and Top are inside, Right and Bottom are the first outside.</summary>
internal readonly record struct PixelBox(int Left, int Top, int Right, int Bottom)
{
    public int Width => Right - Left;

    public int Height => Bottom - Top;
}
