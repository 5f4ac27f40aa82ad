namespace Dramatis.Pictures;

/// <summary>What a picture from outside may cost; checked before a pixel is decoded.</summary>
public sealed record PictureLimits
{
    /// <summary>64 MiB, and a hundred million pixels.</summary>
    public static PictureLimits Default { get; } = new();

    /// <summary>The most bytes of its file.</summary>
    public long Bytes { get; init; } = 64L << 20;

    /// <summary>The most pixels of it, width times height.</summary>
    public long Pixels { get; init; } = 100_000_000;
}
