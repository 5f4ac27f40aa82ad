using Dramatis.Pictures;

namespace Dramatis.Requests;

/// <summary>Where in a place a subject of a certain shape stands.</summary>
internal static class PlaceFitting
{
    /// <summary>The largest box of the shape inside the place, standing on its ground, in the middle.</summary>
    /// <param name="picture">The place's fractions are of this size.</param>
    /// <param name="shape">Width over height of the subject.</param>
    public static Box Fit(Box place, PixelSize picture, double shape)
    {
        var (width, height) = (place.Width * picture.Width, place.Height * picture.Height);
        var across = Math.Min(width, height * shape);
        var (halfWidth, tall) = (across / 2 / picture.Width, across / shape / picture.Height);
        var middle = (place.Left + place.Right) / 2;
        return new(
            Math.Max(place.Left, middle - halfWidth),
            Math.Max(place.Top, place.Bottom - tall),
            Math.Min(place.Right, middle + halfWidth),
            place.Bottom);
    }

    /// <summary>Places for all: those given, and columns side by side for the others.</summary>
    /// <remarks>The columns share the width among all subjects, in the order of the request.</remarks>
    public static IReadOnlyList<Box> Lay(IReadOnlyList<Subject> subjects)
    {
        const double Edge = .04;    // left free on both sides of a column
        const double Top = .2;
        const double Bottom = .95;
        return
        [
            .. subjects.Select((subject, i) => subject.Place
                ?? new Box(((double)i / subjects.Count) + Edge, Top, ((i + 1.0) / subjects.Count) - Edge, Bottom)),
        ];
    }
}
