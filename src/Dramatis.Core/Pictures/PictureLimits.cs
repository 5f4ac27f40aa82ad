namespace Dramatis.Pictures;

/// <summary>What a picture from outside may cost; checked before a pixel is decoded.</summary>
internal sealed record PictureLimits
{
    public static PictureLimits Default { get; } = new();

    public long Bytes { get; init; } = 64L << 20;

    public long Pixels { get; init; } = 100_000_000;
}
