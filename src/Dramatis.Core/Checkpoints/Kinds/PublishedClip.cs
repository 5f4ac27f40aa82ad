namespace Dramatis.Checkpoints.Kinds;

/// <summary>A published CLIP, known by its widths.</summary>
/// <param name="Width">Of its text, and of the embedding that texts and pictures share.</param>
/// <param name="Features">Width of a picture's features.</param>
/// <param name="Weights">Which of several trainings of that size adapters read.</param>
/// <param name="TextIn">The base models that read its text.</param>
/// <param name="VisionHeads">Heads of the vision tower.</param>
/// <param name="QuickGelu">Whether its activation is that of OpenAI's models.</param>
internal sealed record PublishedClip(
    string Name, long Width, long Features, int VisionHeads, bool QuickGelu, string? Weights = null, string? TextIn = null)
{
    private static readonly PublishedClip[] All =
    [
        new("ViT-B", 512, 768, 12, QuickGelu: true),
        new("ViT-L/14", 768, 1024, 16, QuickGelu: true, TextIn: "Stable Diffusion 1.x and SDXL"),
        new("ViT-H/14", 1024, 1280, 16, QuickGelu: false, "laion2B-s32B-b79K", "Stable Diffusion 2.x"),
        new("ViT-bigG/14", 1280, 1664, 16, QuickGelu: false, "laion2B-39B-b160k", "SDXL"),
    ];

    /// <summary>The one whose text and embedding are so wide, or null.</summary>
    public static PublishedClip? OfWidth(long width) => Array.Find(All, clip => clip.Width == width);

    /// <summary>The one whose features are so wide, or null.</summary>
    public static PublishedClip? OfFeatures(long width) => Array.Find(All, clip => clip.Features == width);

    /// <summary>The name with the weights, as it is looked for.</summary>
    public string Title => Weights is null ? Name : $"{Name}, {Weights}";
}
