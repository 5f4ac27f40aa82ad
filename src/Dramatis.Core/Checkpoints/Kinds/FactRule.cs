using System.Globalization;

namespace Dramatis.Checkpoints.Kinds;

/// <summary>Something to say of a checkpoint, read off names and shapes.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Measure">Its value, or null when the file says nothing of it.</param>
internal sealed record FactRule(string Name, Func<TensorArchive, string?> Measure)
{
    /// <summary>One side of a tensor's shape.</summary>
    public static FactRule Side(string name, NamePattern pattern, int dimension, Func<long, string>? say = null) =>
        new(name, archive => SideOf(archive, pattern, dimension) is { } side ? say?.Invoke(side) ?? Text(side) : null);

    /// <summary>How many tensors have such a name.</summary>
    public static FactRule Count(string name, NamePattern pattern) =>
        new(name, archive => archive.Tensors.Keys.Count(pattern.Matches) is > 0 and var count ? Text(count) : null);

    /// <summary>What a denoiser paints from, by the channels of its first and last layer.</summary>
    public static FactRule Paints(NamePattern first, NamePattern last) => new("paints", archive =>
        SideOf(archive, first, 1) is not { } inputs || SideOf(archive, last, 0) is not { } outputs ? null
        : inputs == outputs ? "from text"
        : inputs == (2 * outputs) + 1 ? $"inside a mask (inpainting: {inputs} channels in, {outputs} out)"
        : $"from more than noise ({inputs} channels in, {outputs} out)");

    /// <summary>The vision encoder that gives embeddings of a width.</summary>
    public static string WithEmbedding(long width) =>
        PublishedClip.OfWidth(width) is { } clip
            ? $"CLIP {clip.Name}, whose embedding is {width} wide" : $"a CLIP vision encoder whose embedding is {width} wide";

    /// <summary>The vision encoder that gives features of a width.</summary>
    public static string WithFeatures(long width) =>
        PublishedClip.OfFeatures(width) is { } clip
            ? $"CLIP {clip.Name}, whose features are {width} wide" : $"a CLIP vision encoder whose features are {width} wide";

    /// <summary>The vision encoder of a width.</summary>
    public static string VisionTower(long width) =>
        PublishedClip.OfFeatures(width) is { } clip ? $"{width} ({clip.Name})" : Text(width);

    /// <summary>The text encoder of a width.</summary>
    public static string TextTower(long width) =>
        PublishedClip.OfWidth(width) is { TextIn: { } models } clip ? $"{width} ({clip.Name}, as in {models})" : Text(width);

    /// <summary>A number in any culture.</summary>
    public static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>One side of the first tensor of such a name, or null.</summary>
    public static long? SideOf(TensorArchive archive, NamePattern pattern, int dimension) =>
        pattern.Find(archive) is { } entry && dimension < entry.Shape.Count ? entry.Shape[dimension] : null;
}
