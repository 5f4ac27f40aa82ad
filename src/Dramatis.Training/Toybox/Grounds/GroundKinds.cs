namespace Dramatis.Toybox.Grounds;

/// <summary>Names of the kinds of grounds, and the words that end a caption.</summary>
internal static class GroundKinds
{
    public static IReadOnlyList<(string Name, string Words)> Plain { get; } =
    [
        ("beach", "on a beach"), ("meadow", "in a meadow"), ("snow", "in the snow"), ("desert", "in a desert"),
        ("night", "at night"), ("sunset", "at sunset"), ("space", "in space"), ("room", "in a room"),
        ("city", "in a city"), ("water", "under water"), ("forest", "in a forest"), ("mountains", "in the mountains"),
    ];

    /// <summary>The plain ones come first, so that a kind is the same number in both.</summary>
    public static IReadOnlyList<(string Name, string Words)> Lit { get; } =
    [
        .. Plain,
        ("garden", "in a garden"), ("autumn", "in autumn"), ("field", "in a field"), ("jungle", "in the jungle"), ("clouds", "above the clouds"),
        ("lake", "by a lake"), ("rain", "in the rain"), ("ice", "on the ice"), ("cave", "in a cave"), ("kitchen", "in a kitchen"),
        ("library", "in a library"), ("stage", "on a stage"), ("table", "on a table"), ("village", "in a village"), ("street", "on a street"),
    ];
}
