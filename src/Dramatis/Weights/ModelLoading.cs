namespace Dramatis.Weights;

/// <summary>What weights are held in. Networks compute in single precision either way.</summary>
public enum WeightStorage
{
    /// <summary>All in single precision.</summary>
    Widened,

    /// <summary>
    /// Matrices and kernels, nearly all there is, stay in the half precision that a file has them in, and are widened for each
    /// call of their layer: half the memory, the same results to the bit. What is single in the file is single here.
    /// </summary>
    AsStored,
}

/// <summary>How a model is read.</summary>
public sealed record ModelLoading
{
    /// <summary>
    /// A folder in the layout of diffusers with the settings and tokenizers of a single-file model; null for those of its family.
    /// Not read for a model that is a folder itself.
    /// </summary>
    public string? Configs { get; init; }

    public WeightStorage Storage { get; init; } = WeightStorage.Widened;
}
