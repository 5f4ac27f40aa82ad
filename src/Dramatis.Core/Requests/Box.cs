namespace Dramatis.Requests;

/// <summary>A bounding box in fractions of the picture, 0 to 1, origin top left.</summary>
public readonly record struct Box(double Left, double Top, double Right, double Bottom)
{
    /// <summary>The whole picture.</summary>
    public static Box Whole { get; } = new(0, 0, 1, 1);

    /// <summary>Fraction of the picture's width.</summary>
    public double Width => Right - Left;

    /// <summary>Fraction of the picture's height.</summary>
    public double Height => Bottom - Top;

    /// <summary>Fraction of the picture, 0 to 1.</summary>
    public double Area => Width * Height;

    /// <summary>Left, top, right and bottom, as networks take them.</summary>
    public float[] Numbers() => [(float)Left, (float)Top, (float)Right, (float)Bottom];

    /// <summary>The area that both cover.</summary>
    public double Common(Box other)
    {
        var width = Math.Min(Right, other.Right) - Math.Max(Left, other.Left);
        var height = Math.Min(Bottom, other.Bottom) - Math.Max(Top, other.Top);
        return Math.Max(0, width) * Math.Max(0, height);
    }

    /// <summary>Intersection over union, 0 to 1; 0 for empty boxes.</summary>
    public double Iou(Box other)
    {
        var both = Common(other);
        var either = Area + other.Area - both;
        return either > 0 ? both / either : 0;
    }

    /// <summary>The share of the smaller box that the other covers, 0 to 1; 0 where they do not meet.</summary>
    public double Overlap(Box other) => Common(other) is > 0 and var common ? common / Math.Min(Area, other.Area) : 0;

    /// <summary>Whether a point lies inside; the left and top edges belong to it.</summary>
    public bool Contains(double x, double y) => Left <= x && x < Right && Top <= y && y < Bottom;
}
