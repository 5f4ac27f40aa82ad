namespace Dramatis.Toybox.Grounds;

/// <summary>What subjects need to know of a ground.</summary>
/// <param name="Horizon">Where the land begins on which they can stand, as a fraction of the height; 0 or less is everywhere.</param>
/// <param name="Light">Where the light comes from: -1 is the left, 1 the right, 0 nowhere.</param>
internal readonly record struct GroundView(double Horizon, double Light);
