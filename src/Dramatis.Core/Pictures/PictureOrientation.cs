namespace Dramatis.Pictures;

/// <summary>How stored rows and columns lie to the picture meant: the numbers of the EXIF orientation tag.</summary>
internal enum PictureOrientation
{
    Upright = 1,
    Mirrored = 2,
    HalfTurned = 3,
    Flipped = 4,
    Transposed = 5,
    QuarterTurned = 6,
    Transversed = 7,
    ThreeQuartersTurned = 8,
}
