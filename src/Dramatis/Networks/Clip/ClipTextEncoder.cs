using TorchSharp.Modules;
using static Dramatis.Tensors.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Networks.Clip;

/// <summary>What a text is to a diffusion model.</summary>
/// <param name="LastHiddenState">Normed output of the last layer (B, L, C): the text context of SD 1.5.</param>
/// <param name="Penultimate">Output of the last layer but one (B, L, C), not normed: the text context of SDXL.</param>
/// <param name="Pooled">The row of the last hidden state at the first end of text (B, C).</param>
/// <param name="Projected">The pooled row, projected (B, P), where the encoder has a projection.</param>
internal sealed record TextFeatures(Tensor LastHiddenState, Tensor Penultimate, Tensor Pooled, Tensor? Projected);

/// <summary>The text tower of CLIP (Radford et al., 2021), with the keys of transformers.</summary>
/// <remarks>Shapes: B texts, L tokens, C width, P projection.</remarks>
internal sealed class ClipTextEncoder : Module<Tensor, TextFeatures>
{
    private readonly TextModel text_model;
    private readonly Linear? text_projection;

    public ClipTextEncoder(ClipTextConfig config)
        : base(nameof(ClipTextEncoder))
    {
        Config = config;
        text_model = new TextModel(config);
        text_projection = config.Projection is { } width ? Linear(config.Tower.Width, width, hasBias: false) : null;
        RegisterComponents();
    }

    public ClipTextConfig Config { get; }

    /// <summary>Encodes texts. The caller owns what it gets.</summary>
    /// <param name="ids">Token ids (B, L), L up to the config's positions; what follows the end of a text changes no row before it.</param>
    public override TextFeatures forward(Tensor ids)
    {
        using var scope = NewDisposeScope();
        var (last, penultimate) = text_model.forward(ids);

        // Words that were added have larger ids than the end.
        var end = Config.End is { } id ? ids.eq(id).to(ScalarType.Int32) : ids.masked_fill(ids.ge(Config.Vocabulary), 0);
        var pooled = last[arange(ids.shape[0], device: ids.device), end.argmax(dim: -1)];    // (B, C)
        return new(
            last.MoveToOuterDisposeScope(),
            penultimate.MoveToOuterDisposeScope(),
            pooled.MoveToOuterDisposeScope(),
            text_projection?.forward(pooled).MoveToOuterDisposeScope());
    }

    /// <summary>A hidden state (B, L, C) through the norm that ends the tower: how SD 1.5 is used without its last layer.</summary>
    public Tensor Norm(Tensor hidden) => text_model.Norm(hidden);

    private sealed class TextModel : Module<Tensor, (Tensor Last, Tensor Penultimate)>
    {
        private readonly TextEmbeddings embeddings;
        private readonly ClipLayers encoder;
        private readonly LayerNorm final_layer_norm;

        public TextModel(ClipTextConfig config)
            : base(nameof(TextModel))
        {
            embeddings = new TextEmbeddings(config);
            encoder = new ClipLayers(config.Tower, causal: true);
            final_layer_norm = LayerNorm(config.Tower.Width, config.Tower.NormEpsilon);
            RegisterComponents();
        }

        public Tensor Norm(Tensor hidden) => final_layer_norm.forward(hidden);

        public override (Tensor Last, Tensor Penultimate) forward(Tensor ids)
        {
            using var scope = NewDisposeScope();
            var (last, penultimate) = encoder.forward(embeddings.forward(ids));
            return (final_layer_norm.forward(last).MoveToOuterDisposeScope(), penultimate.MoveToOuterDisposeScope());
        }
    }

    private sealed class TextEmbeddings : Module<Tensor, Tensor>
    {
        private readonly EmbeddingTable token_embedding;
        private readonly EmbeddingTable position_embedding;

        public TextEmbeddings(ClipTextConfig config)
            : base(nameof(TextEmbeddings))
        {
            token_embedding = new EmbeddingTable(config.Vocabulary, config.Tower.Width);
            position_embedding = new EmbeddingTable(config.Positions, config.Tower.Width);
            RegisterComponents();
        }

        public override Tensor forward(Tensor ids)
        {
            using var scope = NewDisposeScope();
            var positions = position_embedding.Rows[TensorIndex.Slice(0, ids.shape[1])];
            return (token_embedding.forward(ids) + positions).MoveToOuterDisposeScope();
        }
    }
}
