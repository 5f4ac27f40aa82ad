namespace Dramatis.Training.Records;

/// <summary>What a sample is shown without, so that the network learns to do without it.</summary>
/// <param name="Images">References show nothing.</param>
/// <param name="Text">The caption is empty.</param>
internal readonly record struct ConditionDrops(bool Images, bool Text)
{
    private const double Usual = .05;

    /// <summary>From a uniform draw in [0, 1), as in the references: either alone, and both together, once in twenty.</summary>
    /// <param name="text">How often the caption alone is.</param>
    public static ConditionDrops From(double draw, double text = Usual) => new(
        draw < Usual || (draw >= Usual + text && draw < Usual + text + Usual),    // added up as the references do: a draw of .15 still drops both
        draw >= Usual && draw < Usual + text + Usual);
}
