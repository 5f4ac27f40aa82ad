using Dramatis.Pictures;
using Dramatis.Requests;

namespace Dramatis.Pipelines;

/// <summary>Who wants to know how a picture comes along; what is null is told to nobody.</summary>
public sealed record PaintWatch
{
    /// <summary>Nobody wants to know.</summary>
    public static PaintWatch Nobody { get; } = new();

    /// <summary>Told how many steps of how many are done.</summary>
    public Action<int, int>? Step { get; init; }

    /// <summary>Told where a subject stands that came without a place: its number and the place found.</summary>
    public Action<int, Box>? Placed { get; init; }

    /// <summary>Told what is not done to the letter: the field of the request, and what is done instead.</summary>
    public Action<string, string>? Notice { get; init; }

    /// <summary>Told how many steps are done, and what the picture will look like as far as the model knows by then.</summary>
    public Action<int, Picture>? Preview { get; init; }

    /// <summary>After so many steps each there is a preview.</summary>
    public int PreviewEvery { get; init; } = 1;
}
