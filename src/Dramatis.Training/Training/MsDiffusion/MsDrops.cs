using Dramatis.Training.Records;

namespace Dramatis.Training.MsDiffusion;

/// <summary>What a sample is shown without, so that the network learns to do without it.</summary>
/// <param name="Grounding">Learned queries stand in for those of phrase and place.</param>
/// <param name="Images">References are all zero, after they were normalised.</param>
/// <param name="Text">The caption is empty.</param>
internal readonly record struct MsDrops(bool Grounding, bool Images, bool Text)
{
    private const double GroundingChance = .1;

    /// <summary>From two uniform draws in [0, 1), as in the reference.</summary>
    public static MsDrops From(double grounding, double rest)
    {
        var (images, text) = ConditionDrops.From(rest);
        return new(grounding < GroundingChance, images, text);
    }
}
