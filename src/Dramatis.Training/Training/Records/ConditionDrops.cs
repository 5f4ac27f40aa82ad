namespace Dramatis.Training.Records;

/// <summary>What a sample is shown without, so that the network learns to do without it.</summary>
/// <param name="Images">References show nothing.</param>
/// <param name="Text">The caption is empty.</param>
internal readonly record struct ConditionDrops(bool Images, bool Text)
{
    private const double ImagesOnly = .05;
    private const double TextToo = .1;
    private const double Both = .15;

    /// <summary>From a uniform draw in [0, 1), as in the references: either alone, and both together, once in twenty.</summary>
    public static ConditionDrops From(double draw) => new(
        draw is < ImagesOnly or (>= TextToo and < Both),
        draw is >= ImagesOnly and < Both);
}
