using TorchSharp.Modules;
using static Dramatis.Tensors.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Networks.Qwen2Vl;

/// <summary>Squares of patches to tokens of the language model.</summary>
/// <remarks>Shapes: N patches, M = 4 of a square, C width, E width of the language model.</remarks>
internal sealed class PatchMerger : Module<Tensor, Tensor>
{
    private readonly LayerNorm ln_q;
    private readonly Sequential mlp;
    private readonly int width;

    public PatchMerger(VisionTowerConfig config)
        : base(nameof(PatchMerger))
    {
        width = config.PatchesOfToken * config.Width;
        ln_q = LayerNorm(config.Width, config.NormEpsilon);
        mlp = Sequential(Linear(width, width), GELU(), Linear(width, config.OutputWidth));
        RegisterComponents();
    }

    public override Tensor forward(Tensor patches)
    {
        using var scope = NewDisposeScope();
        return mlp.forward(ln_q.forward(patches).view(-1, width)).MoveToOuterDisposeScope();    // (N, C) -> (N / M, M C) -> (N / M, E)
    }
}
