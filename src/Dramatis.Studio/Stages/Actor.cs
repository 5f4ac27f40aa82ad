using Dramatis.Requests;

namespace Dramatis.Studio.Stages;

/// <summary>A subject on the stage: what its request says of it, and what only the stage knows.</summary>
/// <param name="Colour">Which of <see cref="ActorColours"/>; it stays when the order changes.</param>
/// <param name="IsLocked">Its box does not move.</param>
public sealed record Actor(Subject Subject, int Colour, bool IsLocked = false)
{
    /// <summary>What people read where it has no words yet.</summary>
    public string Name => string.IsNullOrWhiteSpace(Subject.Phrase) ? "unnamed" : Subject.Phrase.Trim();
}

/// <summary>Colours of subjects: apart from each other, and readable on light and on dark.</summary>
public static class ActorColours
{
    private static readonly string[] Colours =
    [
        "#e8663c", "#3d9bd4", "#79b148", "#b673d6", "#dfa22e", "#2fa99a", "#d65a90", "#7284ea", "#b0824a", "#4fa66c", "#cf5a5a", "#5b8fc0", "#9aa03a",
        "#8e6fd0", "#c77b3a", "#4aa3a8",
    ];

    public static int Count => Colours.Length;

    public static string Of(int colour) => Colours[colour % Colours.Length];
}
