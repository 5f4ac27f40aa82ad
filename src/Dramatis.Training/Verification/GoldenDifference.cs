namespace Dramatis.Verification;

/// <summary>How far one of our results is from the stored one.</summary>
/// <param name="Name">The output, as the fixture names it.</param>
/// <param name="Largest">Largest absolute difference; infinite when shapes differ or only one of the two is a number.</param>
/// <param name="Tolerance">What the fixture allows.</param>
/// <param name="Detail">Where or what, when a number does not say it.</param>
public sealed record GoldenDifference(string Name, double Largest, double Tolerance, string? Detail = null)
{
    /// <summary>Whether it is within the tolerance.</summary>
    public bool Fits => Largest <= Tolerance;

    /// <summary>Used share of the tolerance, to order results by.</summary>
    public double Share => Largest == 0 ? 0 : Largest / Tolerance;
}
