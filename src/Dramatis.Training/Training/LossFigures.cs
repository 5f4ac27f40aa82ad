namespace Dramatis.Training;

/// <summary>A loss as numbers.</summary>
/// <param name="Parts">By name and without their weights; none where there is but one, which is the total.</param>
internal sealed record LossFigures(double Total, IReadOnlyDictionary<string, double> Parts)
{
    public static LossFigures Of(TrainingLoss loss) => new(
        loss.Total.item<float>(),
        loss.Parts.Where(_ => loss.Parts.Count > 1).ToDictionary(part => part.Name, part => (double)part.Value.item<float>()));

    /// <summary>Of a whole step. A part that a share does not have is 0 there.</summary>
    public static LossFigures Mean(IReadOnlyList<LossFigures> shares) => new(
        shares.Average(share => share.Total),
        shares.SelectMany(share => share.Parts.Keys).Distinct()
            .ToDictionary(name => name, name => shares.Average(share => share.Parts.GetValueOrDefault(name))));
}
