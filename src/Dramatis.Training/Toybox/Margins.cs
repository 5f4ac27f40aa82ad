using Dramatis.Requests;

namespace Dramatis.Toybox;

/// <summary>How much wider a place is than what stands in it: fractions of the inner box's width and height, 0 or more.</summary>
/// <remarks>
/// A reference shows as much around its subject as the place leaves: so a place and its reference mean the same box, and nothing is left to guess.
/// </remarks>
internal readonly record struct Margins(double Left, double Top, double Right, double Bottom)
{
    public static Margins None { get; }

    /// <summary>The margins of a place around a tight box.</summary>
    public static Margins Between(Box tight, Box place) => new(
        (tight.Left - place.Left) / tight.Width,
        (tight.Top - place.Top) / tight.Height,
        (place.Right - tight.Right) / tight.Width,
        (place.Bottom - tight.Bottom) / tight.Height);

    /// <summary>The box with these margins around another.</summary>
    public Box Around(Box tight) => new(
        tight.Left - (Left * tight.Width),
        tight.Top - (Top * tight.Height),
        tight.Right + (Right * tight.Width),
        tight.Bottom + (Bottom * tight.Height));
}
