namespace Dramatis.Requests;

/// <summary>Width and height of a picture in pixels.</summary>
public readonly record struct PixelSize(int Width, int Height)
{
    public override string ToString() => $"{Width}x{Height}";
}
