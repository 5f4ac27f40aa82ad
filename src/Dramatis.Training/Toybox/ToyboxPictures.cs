using Dramatis.Pictures;

namespace Dramatis.Toybox;

/// <summary>Scenes and references as pictures.</summary>
internal static class ToyboxPictures
{
    public static Picture From(byte[] rgb, int side) => Picture.FromRgb(rgb, new(side, side));
}
