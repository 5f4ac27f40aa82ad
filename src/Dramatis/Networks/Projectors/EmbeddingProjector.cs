using TorchSharp.Modules;
using static Dramatis.Tensors.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Networks.Projectors;

/// <summary>Turns one embedding of a picture into a few tokens: a linear layer whose result is cut up, each piece normed.</summary>
/// <remarks>Shapes: M pictures, P embedding width, T tokens, E token width.</remarks>
internal sealed class EmbeddingProjector : Module<Tensor, Tensor>
{
    private readonly Linear proj;
    private readonly LayerNorm norm;
    private readonly int tokens;

    public EmbeddingProjector(int embeddingWidth, int tokens, int tokenWidth)
        : base(nameof(EmbeddingProjector))
    {
        this.tokens = tokens;
        proj = Linear(embeddingWidth, tokens * tokenWidth);
        norm = LayerNorm(tokenWidth);
        RegisterComponents();
    }

    public override Tensor forward(Tensor embeddings)
    {
        using var scope = NewDisposeScope();
        return norm.forward(proj.forward(embeddings).unflatten(1, tokens, -1)).MoveToOuterDisposeScope();    // (M, P) -> (M, T, E)
    }
}
