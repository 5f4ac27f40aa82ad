namespace Dramatis.Pictures;

/// <summary>A rectangle of a picture in pixels, not necessarily whole ones.</summary>
internal readonly record struct PixelRegion(double Left, double Top, double Right, double Bottom)
{
    public static implicit operator PixelRegion(PixelBox box) => From(box);

    public static PixelRegion From(PixelBox box) => new(box.Left, box.Top, box.Right, box.Bottom);
}
