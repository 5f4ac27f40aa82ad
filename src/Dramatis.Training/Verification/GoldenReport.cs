namespace Dramatis.Verification;

public enum GoldenOutcome
{
    Passed,
    Failed,
    Skipped,
}

/// <summary>One line of a verification.</summary>
/// <param name="Name">The case's folder, relative to the one that was walked.</param>
/// <param name="Reason">Why it was skipped, or the error that ended it.</param>
public sealed record GoldenReport(
    string Name,
    string Component,
    GoldenOutcome Outcome,
    GoldenResult? Result = null,
    string? Reason = null);
