using Dramatis.Tensors;

namespace Dramatis.Toybox;

/// <summary>How a subject is shown.</summary>
/// <param name="Mirrored">Left and right exchanged.</param>
/// <param name="Angle">Turn in degrees, clockwise on the screen.</param>
/// <param name="Brightness">Factor on all channels.</param>
/// <param name="Hue">Turn of the colour circle in degrees.</param>
/// <param name="Frame">Which of the subject's pictures; 0 is its own.</param>
internal readonly record struct View(bool Mirrored, double Angle, double Brightness, double Hue, int Frame = 0)
{
    public const double LargestAngle = 14;

    public static View Plain { get; } = new(false, 0, 1, 0);

    /// <summary>A view as training shows subjects.</summary>
    public static View Draw(StableRandom random) => new(
        random.Chance(.5),
        random.Between(-LargestAngle, LargestAngle),
        random.Between(.92, 1.08),
        random.Between(-6, 6));

    /// <summary>Hardly turned, as what stands.</summary>
    public View Upright() => this with { Angle = Angle * .3 };

    /// <summary>The same subject the same way round, turned and lit differently, and in another frame where there are several.</summary>
    /// <param name="pictures">How many pictures there are of the subject.</param>
    public View Again(StableRandom random, int pictures = 1)
    {
        var again = Draw(random) with { Mirrored = Mirrored };
        return pictures == 1 ? again : again with { Frame = (Frame + 1 + random.Below(pictures - 1)) % pictures };
    }
}
