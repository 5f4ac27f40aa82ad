namespace Dramatis.Requests;

/// <summary>Fractions of the picture, origin top left.</summary>
public readonly record struct Box(double Left, double Top, double Right, double Bottom)
{
    public static Box Whole { get; } = new(0, 0, 1, 1);

    public double Width => Right - Left;

    public double Height => Bottom - Top;

    /// <summary>Whether a point lies inside; the left and top edges belong to it.</summary>
    public bool Contains(double x, double y) => Left <= x && x < Right && Top <= y && y < Bottom;
}
