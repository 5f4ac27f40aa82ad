namespace Dramatis.Pictures;

/// <summary>A pixel of a picture, from its top left corner.</summary>
public readonly record struct PixelPoint(int Left, int Top);
