using TorchSharp.Modules;
using static Dramatis.Tensors.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Networks.Clip;

/// <summary>What a picture is to a method.</summary>
/// <param name="LastHiddenState">Output of the last layer (B, T, C), not normed, class token first.</param>
/// <param name="Penultimate">Output of the last layer but one (B, T, C), not normed, class token first.</param>
/// <param name="Embedding">The class token, normed and projected (B, P).</param>
internal sealed record VisionFeatures(Tensor LastHiddenState, Tensor Penultimate, Tensor Embedding)
{
    /// <summary>The features of all tokens: of the last layer but one, or of the last.</summary>
    public Tensor Tokens(bool penultimate) => penultimate ? Penultimate : LastHiddenState;
}

/// <summary>The vision tower of CLIP (Radford et al., 2021), with the keys of transformers.</summary>
/// <remarks>Shapes: B pictures of S x S pixels, T = 1 + (S / patch)² tokens, C width, P projection.</remarks>
internal sealed class ClipVisionEncoder : Module<Tensor, VisionFeatures>
{
    private readonly VisionModel vision_model;
    private readonly Linear visual_projection;

    public ClipVisionEncoder(ClipVisionConfig config)
        : base(nameof(ClipVisionEncoder))
    {
        Config = config;
        vision_model = new VisionModel(config);
        visual_projection = Linear(config.Tower.Width, config.Projection, hasBias: false);
        RegisterComponents();
    }

    public ClipVisionConfig Config { get; }

    /// <summary>Encodes pictures. The caller owns what it gets.</summary>
    /// <param name="pixels">Normalised by CLIP's mean and deviation (B, 3, S, S).</param>
    public override VisionFeatures forward(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        var (last, penultimate, pooled) = vision_model.forward(pixels);
        return new(
            last.MoveToOuterDisposeScope(),
            penultimate.MoveToOuterDisposeScope(),
            visual_projection.forward(pooled).MoveToOuterDisposeScope());
    }

    /// <summary>The embeddings (B, P) that the last layer makes of the features before it (B, T, C).</summary>
    public Tensor EmbeddingOf(Tensor penultimate)
    {
        using var scope = NewDisposeScope();
        return visual_projection.forward(vision_model.PooledOf(penultimate)).MoveToOuterDisposeScope();
    }

    private sealed class VisionModel : Module<Tensor, (Tensor Last, Tensor Penultimate, Tensor Pooled)>
    {
        private readonly VisionEmbeddings embeddings;
        private readonly LayerNorm pre_layrnorm;    // spelled so in every checkpoint
        private readonly ClipLayers encoder;
        private readonly LayerNorm post_layernorm;

        public VisionModel(ClipVisionConfig config)
            : base(nameof(VisionModel))
        {
            embeddings = new VisionEmbeddings(config);
            pre_layrnorm = LayerNorm(config.Tower.Width, config.Tower.NormEpsilon);
            encoder = new ClipLayers(config.Tower, causal: false);
            post_layernorm = LayerNorm(config.Tower.Width, config.Tower.NormEpsilon);
            RegisterComponents();
        }

        public override (Tensor Last, Tensor Penultimate, Tensor Pooled) forward(Tensor pixels)
        {
            using var scope = NewDisposeScope();
            var (last, penultimate) = encoder.forward(pre_layrnorm.forward(embeddings.forward(pixels)));
            return (
                last.MoveToOuterDisposeScope(),
                penultimate.MoveToOuterDisposeScope(),
                post_layernorm.forward(last.select(1, 0)).MoveToOuterDisposeScope());
        }

        public Tensor PooledOf(Tensor penultimate)
        {
            using var scope = NewDisposeScope();
            return post_layernorm.forward(encoder.ForwardLast(penultimate).select(1, 0)).MoveToOuterDisposeScope();
        }
    }

    private sealed class VisionEmbeddings : Module<Tensor, Tensor>
    {
        private readonly Parameter class_embedding;
        private readonly Conv2d patch_embedding;
        private readonly EmbeddingTable position_embedding;

        public VisionEmbeddings(ClipVisionConfig config)
            : base(nameof(VisionEmbeddings))
        {
            var width = config.Tower.Width;
            class_embedding = Normal(1 / Math.Sqrt(width), width);
            patch_embedding = Conv2d(3, width, kernel: config.Patch, stride: config.Patch, bias: false);
            position_embedding = new EmbeddingTable(config.Tokens, width);
            RegisterComponents();
        }

        public override Tensor forward(Tensor pixels)
        {
            using var scope = NewDisposeScope();
            var patches = patch_embedding.forward(pixels).flatten(start_dim: 2).transpose(1, 2);    // (B, T - 1, C)
            var first = class_embedding.expand(pixels.shape[0], 1, -1);
            return (cat([first, patches], dim: 1) + position_embedding.Rows).MoveToOuterDisposeScope();
        }
    }
}
