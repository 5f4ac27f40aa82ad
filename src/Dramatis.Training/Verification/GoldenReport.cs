namespace Dramatis.Verification;

/// <summary>How a comparison ended.</summary>
public enum GoldenOutcome
{
    /// <summary>Within tolerance.</summary>
    Passed,
    /// <summary>A difference above tolerance, or an error.</summary>
    Failed,
    /// <summary>Not supported here; the message says why.</summary>
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
