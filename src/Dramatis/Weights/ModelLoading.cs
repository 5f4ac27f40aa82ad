using Dramatis.Tensors;
using static TorchSharp.torch;

namespace Dramatis.Weights;

/// <summary>What weights are held in by a model that computes in single precision. Half precision holds them as it computes.</summary>
public enum WeightStorage
{
    /// <summary>All in single precision.</summary>
    Widened,

    /// <summary>
    /// Matrices and kernels, nearly all there is, stay in the half precision that a file has them in, and are widened for each
    /// call of their layer: half the memory, the same results to the bit. What is single in the file is single here.
    /// </summary>
    AsStored,

    /// <summary>
    /// As stored, but the matrices of multimodal language models in 8 bits, with a factor for each row: half the memory once more, and results that are a
    /// little off. Other networks have no such matrices.
    /// </summary>
    EightBit,
}

/// <summary>How a model is read.</summary>
public sealed record ModelLoading
{
    /// <summary>
    /// A folder in the layout of diffusers with the settings and tokenizers of a single-file model; null for those of its family.
    /// Not read for a model that is a folder itself.
    /// </summary>
    public string? Configs { get; init; }

    /// <summary>
    /// Files or folders of adapters besides those of the model's folder, and before them; each says itself which method's it is.
    /// </summary>
    public IReadOnlyList<string> Adapters { get; init; } = [];

    /// <summary>File or folder of what reads references for all methods; null for the model's own, or what lies beside an adapter's file.</summary>
    public string? ImageEncoder { get; init; }

    /// <summary>What weights are held in.</summary>
    public WeightStorage Storage { get; init; } = WeightStorage.Widened;

    /// <summary>
    /// What networks compute on: TorchSharp's default device, the processor, unless something else is said. <see cref="Devices.Find"/> gives one by
    /// its name.
    /// </summary>
    public Device Device { get; init; } = get_default_device();

    /// <summary>What networks compute in. The autoencoder of pictures is in single precision always: SDXL's overflows in half, the others lose by it.</summary>
    public Precision Precision { get; init; } = Precision.Fp32;

    internal Compute Compute => new(Device, Precision.ToScalarType());
}
