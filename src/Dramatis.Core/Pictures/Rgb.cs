namespace Dramatis.Pictures;

/// <summary>An opaque colour, 0 to 255 a channel.</summary>
internal readonly record struct Rgb(byte Red, byte Green, byte Blue)
{
    public static Rgb White { get; } = new(255, 255, 255);

    public static Rgb Black { get; } = new(0, 0, 0);

    public static Rgb Gray(byte level) => new(level, level, level);
}
