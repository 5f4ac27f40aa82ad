using TorchSharp.Modules;
using static Dramatis.Tensors.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Networks.Dino;

/// <summary>The vision transformer of DINO (Caron et al., 2021) and DINOv2 (Oquab et al., 2023), with the keys of transformers.</summary>
/// <remarks>
/// Shapes: B pictures of H x W pixels, N whole patches in them, C width. Pixels beyond the last whole patch are not seen. The first token, that of
/// the class, is a picture's feature.
/// </remarks>
internal sealed class DinoEncoder : Module<Tensor, Tensor>
{
    private readonly DinoEmbeddings embeddings;
    private readonly DinoLayers encoder;
    private readonly LayerNorm layernorm;

    public DinoEncoder(DinoConfig config)
        : base(nameof(DinoEncoder))
    {
        Config = config;
        embeddings = new DinoEmbeddings(config);
        encoder = new DinoLayers(config);
        layernorm = LayerNorm(config.Width, config.NormEpsilon);
        RegisterComponents();
    }

    public DinoConfig Config { get; }

    /// <summary>All tokens (B, 1 + N, C) after the final norm.</summary>
    /// <param name="pixels">Normalised (B, 3, H, W), at least one patch high and wide.</param>
    public override Tensor forward(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        return layernorm.forward(encoder.forward(embeddings.forward(pixels))).MoveToOuterDisposeScope();
    }
}
