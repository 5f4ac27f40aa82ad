using Dramatis.Requests;

namespace Dramatis.Toybox;

/// <summary>One composed picture with all that is known about it.</summary>
internal sealed record Scene
{
    /// <summary>RGB bytes, row-major, <see cref="SceneOptions.Side"/> pixels square.</summary>
    public required byte[] Rgb { get; init; }

    /// <summary>Which pixels show subjects, row-major.</summary>
    public required bool[] Inside { get; init; }

    /// <summary>The kind of ground, an index of <see cref="Backgrounds.Choice"/>.</summary>
    public required int Background { get; init; }

    /// <summary>What the picture shows, in words.</summary>
    public required string Caption { get; init; }

    /// <summary>The subjects, from back to front.</summary>
    public required IReadOnlyList<ScenePart> Parts { get; init; }
}

/// <summary>One subject of a scene.</summary>
/// <param name="Subject">Index in the bank.</param>
/// <param name="Phrase">The words of the caption that mean it.</param>
/// <param name="Tight">The box of its visible pixels.</param>
/// <param name="Place">The box an order names: the tight one, or a looser one around it.</param>
/// <param name="View">How it is drawn.</param>
internal sealed record ScenePart(int Subject, string Phrase, Box Tight, Box Place, View View);
