using TorchSharp.Modules;
using static Dramatis.Tensors.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Methods.FastComposer;

/// <summary>The sizes of a <see cref="PostfuseNetwork"/>.</summary>
/// <param name="TextWidth">D, of the text states.</param>
/// <param name="ImageWidth">E, of the embedding of a picture.</param>
internal sealed record PostfuseConfig(int TextWidth, int ImageWidth);

/// <summary>Changes the text state of a subject's word by the embedding of its picture (FastComposer, arXiv 2305.10431, section 4.1).</summary>
/// <remarks>
/// u = MLP1([t; e]) + t, v = MLP2(u) + u, t' = LayerNorm(v).
/// Shapes: M words, B texts, L tokens, O subjects a text at most, D text width, E image width.
/// </remarks>
internal sealed class PostfuseNetwork : Module<Tensor, Tensor, Tensor>
{
    private readonly FusingMlp mlp1;
    private readonly FusingMlp mlp2;
    private readonly LayerNorm layer_norm;

    public PostfuseNetwork(PostfuseConfig config)
        : base(nameof(PostfuseNetwork))
    {
        Config = config;
        mlp1 = new(config.TextWidth + config.ImageWidth, config.TextWidth);
        mlp2 = new(config.TextWidth, config.TextWidth);
        layer_norm = LayerNorm(config.TextWidth);
        RegisterComponents();
    }

    public PostfuseConfig Config { get; }

    /// <summary>The states of words, changed (M, D).</summary>
    /// <param name="text">(M, D).</param>
    /// <param name="images">(M, E).</param>
    public override Tensor forward(Tensor text, Tensor images)
    {
        using var scope = NewDisposeScope();
        var u = mlp1.forward(cat([text, images.to(text.dtype)], dim: -1)) + text;
        return layer_norm.forward(mlp2.forward(u) + u).MoveToOuterDisposeScope();
    }

    /// <summary>Texts with the states of their subjects' words changed; all other rows are as they were, to the bit.</summary>
    /// <remarks>Words and pictures meet by their order in the whole batch, as in the reference.</remarks>
    /// <param name="text">(B, L, D).</param>
    /// <param name="images">(B, O, E); those beyond a text's count are not read.</param>
    /// <param name="words">True where a word means a subject (B, L); as many in all as <paramref name="counts"/> add up to.</param>
    /// <param name="counts">Subjects of each text.</param>
    public Tensor Fuse(Tensor text, Tensor images, Tensor words, IReadOnlyList<int> counts)
    {
        if (counts.Sum() == 0)
        {
            return text;
        }

        using var scope = NewDisposeScope();
        var kept = cat([.. counts.Select((count, row) => images[row].narrow(0, 0, count))]);               // (M, E)
        return Fuse(text, kept, words).MoveToOuterDisposeScope();
    }

    /// <summary>Texts with the states of their subjects' words changed, where pictures come one for each word.</summary>
    /// <param name="text">(B, L, D).</param>
    /// <param name="images">One for each word, in their order (M, E).</param>
    /// <param name="words">True where a word means a subject (B, L); M in all.</param>
    public Tensor Fuse(Tensor text, Tensor images, Tensor words)
    {
        using var scope = NewDisposeScope();
        var fused = forward(text[words], images);                                                          // (M, D)
        return text.masked_scatter(words.unsqueeze(-1), fused).MoveToOuterDisposeScope();
    }

    /// <summary>LayerNorm, two linear layers with GELU between.</summary>
    private sealed class FusingMlp : Module<Tensor, Tensor>
    {
        private readonly LayerNorm layernorm;
        private readonly Linear fc1;
        private readonly Linear fc2;

        public FusingMlp(int from, int to)
            : base(nameof(FusingMlp))
        {
            layernorm = LayerNorm(from);
            fc1 = Linear(from, to);
            fc2 = Linear(to, to);
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            using var scope = NewDisposeScope();
            return fc2.forward(functional.gelu(fc1.forward(layernorm.forward(x)))).MoveToOuterDisposeScope();
        }
    }
}
