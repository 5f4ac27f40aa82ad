namespace Dramatis.Training.FastComposer;

/// <summary>Whether and how attention to subjects' words is pushed into their masks (FastComposer, arXiv 2305.10431, section 4.2).</summary>
internal sealed record Localization
{
    /// <summary>As the released checkpoint was trained.</summary>
    public static Localization Released { get; } = new();

    /// <summary>λ, what it counts beside the denoiser's error.</summary>
    public double Weight { get; init; } = 1e-3;

    /// <summary>How many blocks of the denoiser are supervised, around the middle one.</summary>
    public int Blocks { get; init; } = 5;

    /// <summary>Whether attention is divided by its maximum first, through which gradients flow too.</summary>
    public bool Normalises { get; init; }
}
