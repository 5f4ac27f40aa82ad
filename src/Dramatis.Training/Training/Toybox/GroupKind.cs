namespace Dramatis.Training.Toybox;

/// <summary>What the pictures of a group share: the first folder of its topic.</summary>
internal enum GroupKind
{
    /// <summary>The hand that drew whatever is seen.</summary>
    Style,

    /// <summary>A subject on different grounds.</summary>
    Subject,

    /// <summary>
    /// A subject on different grounds that other hands drew, each its own; the target is as it is, since nobody could tell whose hand comes next.
    /// </summary>
    Drawn,

    /// <summary>A ground, seen from here or there, with different subjects.</summary>
    Scene,
}

/// <summary>What kinds are called in folders and by users.</summary>
internal static class GroupKinds
{
    public static IReadOnlyList<string> Names { get; } = [.. Enum.GetValues<GroupKind>().Select(NameOf)];

    public static string NameOf(GroupKind kind) => kind.ToString().ToLowerInvariant();
}
