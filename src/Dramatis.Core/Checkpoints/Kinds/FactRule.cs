using System.Globalization;

namespace Dramatis.Checkpoints.Kinds;

/// <summary>Something to say of a checkpoint, read off names and shapes.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Measure">Its value, or null when the file says nothing of it.</param>
internal sealed record FactRule(string Name, Func<TensorArchive, string?> Measure)
{
    // Widths of the published vision encoders: of the embedding that is projected, and of the features.
    private static readonly (long Embedding, long Features, string Name)[] VisionTowers =
        [(768, 1024, "ViT-L/14"), (1024, 1280, "ViT-H/14"), (1280, 1664, "ViT-bigG/14")];

    private static readonly (long Width, string Name)[] TextTowers =
    [
        (768, "ViT-L/14, as in Stable Diffusion 1.x and SDXL"), (1024, "ViT-H/14, as in Stable Diffusion 2.x"), (1280, "ViT-bigG/14, as in SDXL"),
    ];

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
        Array.Find(VisionTowers, tower => tower.Embedding == width).Name is { } name
            ? $"CLIP {name}, whose embedding is {width} wide" : $"a CLIP vision encoder whose embedding is {width} wide";

    /// <summary>The vision encoder that gives features of a width.</summary>
    public static string WithFeatures(long width) =>
        Array.Find(VisionTowers, tower => tower.Features == width).Name is { } name
            ? $"CLIP {name}, whose features are {width} wide" : $"a CLIP vision encoder whose features are {width} wide";

    /// <summary>The vision encoder of a width.</summary>
    public static string VisionTower(long width) =>
        Array.Find(VisionTowers, tower => tower.Features == width).Name is { } name ? $"{width} ({name})" : Text(width);

    /// <summary>The text encoder of a width.</summary>
    public static string TextTower(long width) =>
        Array.Find(TextTowers, tower => tower.Width == width).Name is { } name ? $"{width} ({name})" : Text(width);

    /// <summary>A number in any culture.</summary>
    public static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>One side of the first tensor of such a name, or null.</summary>
    public static long? SideOf(TensorArchive archive, NamePattern pattern, int dimension) =>
        pattern.Find(archive) is { } entry && dimension < entry.Shape.Count ? entry.Shape[dimension] : null;
}
