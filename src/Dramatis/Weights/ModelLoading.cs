namespace Dramatis.Weights;

/// <summary>How a model is read.</summary>
public sealed record ModelLoading
{
    /// <summary>
    /// A folder in the layout of diffusers with the settings and tokenizers of a single-file model; null for those of its family.
    /// Not read for a model that is a folder itself.
    /// </summary>
    public string? Configs { get; init; }
}
